package recording

import (
	"errors"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// Shown is the flow of a phone that is on the bus alone: what it shows there, and
// whether it answered when it was asked for more. Nonces are new after each start, so
// that only their presence is kept.
func Shown(p inspect.Phone) Flow {
	shown := plist.Dict{"ProductID": uint64(p.Raw.ProductID), "SerialNumber": p.Raw.Serial, "Nonces": p.Facts.APNonce.Known()}
	if p.Facts.Mode.Value == diag.Recovery && p.Facts.IBoot.Known() {
		shown["BuildVersion"] = p.Facts.IBoot.Value
	}
	return Flow{Speaker: USB, Exchanges: []Exchange{{Answer: shown}}}
}

// shown takes what a phone shows on the bus.
func (b *builder) shown(x Exchange) error {
	product, _ := x.Answer.Uint64("ProductID")
	serial, _ := x.Answer.String("SerialNumber")
	mode := usb.ModeOf(uint16(product))
	switch {
	case mode == usb.Unknown || mode == usb.Normal || product > 0xffff:
		return errors.New("its product id is that of no mode which usbmuxd does not serve")
	case serial == "":
		return errors.New("it shows no iBoot string")
	}
	b.phone.Mode, b.phone.ProductID, b.phone.IBoot = diag.Mode(mode), uint16(product), serial
	b.phone.BuildVersion, _ = x.Answer.String("BuildVersion")
	b.reached = true
	return nil
}

// onBus gives the bus of a replay. Phones that usbmuxd serves are found without one.
func (r Recording) onBus(bench *mocks.Bench) *usb.Bus {
	if _, raw := r.flow(USB); !raw {
		return nil
	}
	return &usb.Bus{Files: bench.USBFiles(), Open: bench.OpenUSB, Timeout: patience}
}

// wasAsked tells whether iBoot was asked for what it does not show by itself.
func (r Recording) wasAsked() bool {
	flow, _ := r.flow(USB)
	for _, x := range flow.Exchanges {
		nonces, _ := x.Answer.Bool("Nonces")
		if _, version := x.Answer["BuildVersion"]; nonces || version {
			return true
		}
	}
	return false
}
