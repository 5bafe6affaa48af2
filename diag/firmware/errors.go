package firmware

import (
	"errors"
	"fmt"

	"error53/usbmux/plist"
)

// The ways in which a file is refused. Errors wrap one of them and say what is
// wrong, or that of the system where it does not let the file be read.
var (
	ErrNotFirmware  = errors.New("firmware: neither an IPSW nor its BuildManifest.plist or Restore.plist")
	ErrDamaged      = errors.New("firmware: damaged")
	ErrEncrypted    = errors.New("firmware: encrypted")
	ErrTooLarge     = errors.New("firmware: larger than any of an iPhone")
	ErrInconsistent = errors.New("firmware: contradicts itself")
	ErrIncomplete   = errors.New("firmware: does not say what it installs")
	ErrOtherDevice  = errors.New("firmware: not for an iPhone, iPad or iPod touch")
	ErrNoImage      = errors.New("firmware: no IPSW in the folder")
)

// ofList says which refusal that of a property list is.
func ofList(err error) error {
	switch {
	case errors.Is(err, plist.ErrFormat), errors.Is(err, plist.ErrEmpty):
		return fmt.Errorf("%w: %w", ErrNotFirmware, err)
	case errors.Is(err, plist.ErrTooLarge), errors.Is(err, plist.ErrTooMany), errors.Is(err, plist.ErrTooDeep):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return fmt.Errorf("%w: not a whole property list", ErrDamaged)
}
