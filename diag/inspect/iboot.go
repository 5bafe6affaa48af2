package inspect

import (
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
)

// Why the installed iBoot, or the nonces, are not known.
const (
	ibootUntold = "the iBoot string does not tell it"
	ibootOfDFU  = "DFU mode runs the boot ROM of the chip, or what a tool loaded into it: neither is the iBoot on the phone"
	ibootLeft   = "it may just have left normal mode for a restore, and is left alone"
	nonceUntold = "only recovery and DFU mode show it"
)

var (
	ibootText = form{"an iBoot version", func(s string) bool { _, err := diag.ParseIBootVersion(s); return err == nil }}
	nonceText = form{"a nonce", isHexadecimal}
)

// withIBoot adds the version of the iBoot that is installed, and the releases that it
// can belong to where the phone does not tell its own. It comes last: it needs to know
// the model.
func withIBoot(f diag.Facts, iboot diag.Fact[string]) diag.Facts {
	f.IBoot = iboot
	d, _, _ := lookUp(f)
	switch {
	case f.InstalledVersion.Known():
		f.InstalledRange = diag.NotKnown[diag.Range]("the version is known")
	case !iboot.Known():
		f.InstalledRange = diag.NotKnown[diag.Range]("the version of its iBoot is not known")
	default:
		f.InstalledRange = diag.RangeOfIBoot(iboot.Value, d)
	}
	return f
}

// ibootOfMode says why the string of recovery, DFU or a similar mode alone does not name
// the installed iBoot. The version in it (SRTG) is that of the boot ROM, or of a stage
// that a tool has loaded, which pretends to be the ROM.
func ibootOfMode(mode diag.Mode) diag.Fact[string] {
	switch mode {
	case diag.Recovery:
		return diag.NotKnown[string](ibootUntold)
	case diag.DFU:
		return diag.NotKnown[string](ibootOfDFU)
	}
	return diag.NotKnown[string]("not readable in this mode")
}

// withNonces adds the nonces, "" for those that were not given.
func withNonces(f diag.Facts, ap, sep string) diag.Facts {
	a := answer{values: plist.Dict{"NONC": strings.ToLower(ap), "SNON": strings.ToLower(sep)}, source: diag.FromIBoot, who: "iBoot"}
	f.APNonce, f.SEPNonce = a.identifier(nonceText, "NONC"), a.identifier(nonceText, "SNON")
	return f
}

func withoutNonces(f diag.Facts, reason string) diag.Facts {
	f.APNonce, f.SEPNonce = diag.NotKnown[string](reason), diag.NotKnown[string](reason)
	return f
}
