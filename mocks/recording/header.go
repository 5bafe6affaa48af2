package recording

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"error53/diag"
	"error53/diag/inspect"
	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// ErrHeader: the head of a recording says other things than the conversation.
var ErrHeader = errors.New("the head does not belong to the conversation")

// Describe makes the head of a recording of a phone as it was read.
func Describe(tool string, phone inspect.Phone, taken time.Time) Header {
	h := Header{Tool: tool, Taken: taken.UTC().Format(time.RFC3339)}
	h.describe(phone.Facts)
	return h
}

func (h *Header) describe(f diag.Facts) {
	h.Model, h.Mode, h.Trust = f.ProductType.Value, string(f.Mode.Value), string(f.Trust.Value)
	h.IOS = f.InstalledVersion.Value
	if h.IOS != "" && f.InstalledBuild.Known() {
		h.IOS += " (" + f.InstalledBuild.Value + ")"
	}
}

// compare holds the head against the phone as it was read anew.
func (h Header) compare(phone inspect.Phone) error {
	read := Header{}
	read.describe(phone.Facts)
	var wrong []string
	for _, each := range []struct{ key, stated, read string }{
		{"model", h.Model, read.Model}, {"ios", h.IOS, read.IOS}, {"mode", h.Mode, read.Mode}, {"trust", h.Trust, read.Trust},
	} {
		if each.stated != oneLine(each.read) {
			wrong = append(wrong, fmt.Sprintf("%s is %q, not %q", each.key, each.read, each.stated))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("recording: %w: %s", ErrHeader, strings.Join(wrong, ", "))
}

// Whole tells whether the conversation with a phone was one that can be recorded: nil
// where the phone gave what it was asked for, or refused it; else what broke it off.
func Whole(phone inspect.Phone) error {
	if !isAnswer(phone.Err) {
		return phone.Err
	}
	if !isAnswer(phone.NoSession) {
		return phone.NoSession
	}
	return nil
}

// isAnswer tells whether an error is what a phone, or the host's own keeping, has to say.
func isAnswer(err error) bool {
	_, refused := errors.AsType[*lockdown.Error](err)
	said := []error{
		usbmux.ErrNoRecord, lockdown.ErrUnusableRecord, lockdown.ErrMissingValue, inspect.ErrOtherDevice, usb.ErrNotIBoot,
	}
	return err == nil || refused || slices.ContainsFunc(said, func(kind error) bool { return errors.Is(err, kind) })
}
