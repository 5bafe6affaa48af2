package inspect

import (
	"cmp"
	"fmt"
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// irecoveryKeys are the labels irecovery -q prints (libimobiledevice/libirecovery,
// tools/irecovery.c, print_device_info).
var irecoveryKeys = map[string]bool{
	"CPID": true, "CPRV": true, "BDID": true, "ECID": true, "CPFM": true, "SCEP": true, "IBFL": true, "SRTG": true,
	"SRNM": true, "IMEI": true, "NONC": true, "SNON": true, "PWND": true,
	"MODE": true, "PRODUCT": true, "MODEL": true, "NAME": true, "IBOOT": true, "iBoot": true, "build-version": true,
}

// irecoveryPhones makes facts of the blocks that irecovery printed.
func irecoveryPhones(blocks []block) []diag.Facts {
	var phones []diag.Facts
	for _, b := range blocks {
		if b["CPID"] != "" {
			phones = append(phones, irecoveryFacts(b))
		}
	}
	return phones
}

// irecoveryFacts makes facts of what irecovery printed. The ids come from the phone;
// product and model, which irecovery has from a table of its own, count only where
// the catalog cannot tell them by the ids.
func irecoveryFacts(b block) diag.Facts {
	// An error leaves an empty string, of which nothing is known.
	iboot, _ := usb.ParseIBoot(ibootString(b))
	f := ibootFacts(iboot, irecoveryMode(b["MODE"]))
	if !f.ProductType.Known() {
		f = irecoveryModel(f, b)
	}
	return withIBoot(f, irecoveryIBoot(f, b))
}

func irecoveryModel(f diag.Facts, b block) diag.Facts {
	if typeText.check(b["PRODUCT"]) {
		f.ProductType = diag.Known(b["PRODUCT"], diag.FromIBoot)
	}
	if boardText.check(b["MODEL"]) {
		f.HardwareModel = diag.Known(b["MODEL"], diag.FromIBoot)
	}
	return withCatalog(f)
}

// irecoveryIBoot is the installed iBoot where the dump names the one that answered in
// recovery mode: the answer to getenv, or what forks of irecovery print. In DFU mode it
// would be that of the boot ROM, or of something loaded.
func irecoveryIBoot(f diag.Facts, b block) diag.Fact[string] {
	named := cmp.Or(b["build-version"], b["IBOOT"], b["iBoot"])
	if f.Mode.Value != diag.Recovery || named == "" {
		return f.IBoot
	}
	a := answer{values: plist.Dict{"build-version": named}, source: diag.FromIBoot, who: "irecovery"}
	return a.text(ibootText, "build-version")
}

// ibootString puts the string together again that irecovery took apart.
func ibootString(b block) string {
	var s strings.Builder
	for _, key := range []string{"CPID", "BDID", "ECID", "SRTG", "SRNM", "NONC", "SNON"} {
		if value := b[key]; value != "" {
			fmt.Fprintf(&s, "%s:%s ", key, value)
		}
	}
	return s.String()
}

// irecoveryMode reads the mode, which irecovery has from the product id.
func irecoveryMode(text string) usb.Mode {
	switch mode := usb.Mode(strings.ReplaceAll(strings.ToLower(text), " ", "-")); mode {
	case usb.Recovery, usb.DFU, usb.WTF, usb.PortDFU, usb.KIS:
		return mode
	}
	return usb.Unknown
}
