package inspect

import (
	"context"
	"errors"

	"error53/diag"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// askRaw asks a phone that usbmuxd does not serve for what the list did not tell: once
// more for its string, where that is missing, and for the rest, where it may be asked.
// Only the string is needed; what else is not given has its reason among the facts.
func (i *Inspector) askRaw(ctx context.Context, p Phone) Phone {
	if p.Raw.Serial == "" && i.USB.CanOpen() {
		p = i.askSerial(ctx, p)
	}
	mode := p.Facts.Mode.Value
	switch {
	case p.Err != nil || !i.Ask:
		return p
	case p.leaving:
		p.Facts = withIBoot(withoutNonces(p.Facts, ibootLeft), diag.NotKnown[string](ibootLeft))
		return p
	}
	if mode == diag.Recovery {
		p.Facts = withIBoot(p.Facts, i.askBuildVersion(ctx, p.Raw))
	}
	if mode == diag.Recovery || mode == diag.DFU {
		nonces, err := i.USB.Nonces(ctx, p.Raw)
		if err != nil {
			p.Facts = withoutNonces(p.Facts, i.unanswered(err))
		} else {
			p.Facts = withNonces(p.Facts, nonces.NONC, nonces.SNON)
		}
	}
	return p
}

func (i *Inspector) askSerial(ctx context.Context, p Phone) Phone {
	serial, err := i.USB.Serial(ctx, p.Raw)
	if err != nil {
		p.Err = err
		return p
	}
	p.Raw.Serial, p.Raw.Err = serial, nil
	p.Reading = rawReading(p.Raw)
	return p
}

func (i *Inspector) askBuildVersion(ctx context.Context, d usb.Device) diag.Fact[string] {
	version, err := i.USB.BuildVersion(ctx, d)
	if err != nil {
		return diag.NotKnown[string](i.unanswered(err))
	}
	a := answer{values: plist.Dict{"build-version": version}, source: diag.FromIBoot, who: "iBoot"}
	return a.text(ibootText, "build-version")
}

// unanswered says why a device was not asked, or did not answer, for a fact that is not
// known for that reason.
func (i *Inspector) unanswered(err error) string {
	for _, each := range []struct {
		kind  error
		words string
	}{
		{usb.ErrPermission, "this user may not open the USB device: error53 doctor tells the remedy"},
		{usb.ErrHeld, "another program holds the USB device, and is left alone"},
		{usb.ErrTimeout, "iBoot did not answer in time"},
		{usb.ErrRefused, "iBoot does not tell it"},
		{usb.ErrGone, "the phone was unplugged, or restarted, before it was asked"},
		{usb.ErrMalformed, "what iBoot answers makes no sense"},
	} {
		if errors.Is(err, each.kind) {
			return each.words
		}
	}
	switch {
	case !i.USB.CanOpen():
		return "this build has no libusb to ask iBoot with"
	case errors.Is(err, usb.ErrUnsupported):
		return "this system does not tell whether another program uses the device, so iBoot is not asked"
	}
	return "iBoot could not be asked"
}
