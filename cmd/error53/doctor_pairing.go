package main

import (
	"errors"
	"fmt"
	"time"

	"error53/diag"
	"error53/usbmux"
)

// checkClock compares the clock with the age of the program's data. The certificates of
// a session are not valid yet for a clock that lags behind by years.
func (c *chain) checkClock() []check {
	today := c.now().Format(time.DateOnly)
	if today[:4] >= diag.DataDate[:4] {
		return passed("clock", "it shows "+today)
	}
	return failed("clock", exitFailure,
		fmt.Sprintf("it shows %s, before the program's own data (%s): encrypted sessions with phones fail", today, diag.DataDate),
		setClock(c.goos))
}

func setClock(goos string) string {
	switch goos {
	case "darwin":
		return "sudo sntp -sS time.apple.com"
	case "windows":
		return "w32tm /resync"
	default:
		return "sudo timedatectl set-ntp true"
	}
}

// checkPairing tells whether usbmuxd gives out the pair records, and of which of its
// phones there is one. A phone without is no failure: error53 needs no trust.
func (c *chain) checkPairing() []check {
	switch {
	case c.addressErr != nil:
		return skipped("pairing", withoutAddress)
	case c.daemonErr != nil:
		return skipped("pairing", "usbmuxd keeps the pair records, and cannot be asked")
	case c.buidErr != nil:
		e := explainRow(daemonRows, c.buidErr, c.address.String())
		return failed("pairing", exitDaemon, "usbmuxd does not give the id of this computer: "+e.message, e.hint)
	}
	all := passed("pairing", "usbmuxd gives the id of this computer")
	for _, p := range c.those(listedPhone.served) {
		all = append(all, about(p.label(), c.recordOf(p))...)
	}
	return all
}

func (c *chain) recordOf(p listedPhone) []check {
	switch err := p.recordErr; {
	case p.restore:
		return skipped("pairing", "a phone in restore mode has no pair record")
	case err == nil:
		return passed("pairing", "paired with this computer")
	case errors.Is(err, usbmux.ErrNoRecord):
		return passed("pairing", "not paired with this computer, which no verdict needs (error53 pair)")
	case errors.Is(err, usbmux.ErrPermission):
		return failed("pairing", exitDaemon, "usbmuxd may not read its pair record", "sudo ls -l /var/lib/lockdown", "it has to belong to the user that usbmuxd runs as")
	default:
		e := explainRow(daemonRows, err, c.address.String())
		return failed("pairing", exitDaemon, "the pair record cannot be read: "+e.message, e.hint)
	}
}
