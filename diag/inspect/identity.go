package inspect

import (
	"cmp"
	"slices"
	"strings"
)

// Identity is what tells one phone from another, as far as it is known. A phone in
// another mode tells other things of itself: it is followed through its modes by what
// two looks at it have in common.
type Identity struct {
	ECID         uint64 // the same in every mode; 0: not known
	UDID         string // of normal mode, in lower case and without its dash; "": not known
	SerialNumber string // SRNM of iBoot, SerialNumber of lockdownd and restored; "": not known
	ProductType  string // tells no two phones apart that are of one type; "": not known
	Port         string // where its cable is, "1-2.3"; "": not known
}

// Evidence is by what two identities are found to be those of one phone.
type Evidence string

// The kinds of evidence. ByPort is weak: another phone may have been plugged in there
// meanwhile, so whoever goes by it looks at the clock as well.
const (
	NoEvidence     Evidence = ""
	ByECID         Evidence = "ecid"
	ByUDID         Evidence = "udid"
	BySerialNumber Evidence = "serial-number"
	ByPort         Evidence = "port"
)

// evidences are all kinds, the strongest first.
var evidences = []Evidence{ByECID, ByUDID, BySerialNumber, ByPort}

// Identity gives what is known of who the phone is, and where.
func (p Phone) Identity() Identity {
	return Identity{
		ECID:         p.Facts.ECID.Value,
		UDID:         foldUDID(p.Facts.UDID.Value),
		SerialNumber: strings.ToUpper(p.Facts.SerialNumber.Value),
		ProductType:  p.Facts.ProductType.Value,
		Port:         p.Port,
	}
}

// foldUDID makes the spellings of one UDID equal: usbmuxd puts a dash in, USB does not.
func foldUDID(udid string) string { return strings.ToLower(strings.ReplaceAll(udid, "-", "")) }

// Same tells by what the two are one phone: by the strongest of what both are known by.
// Where that differs they are two, whatever else they share. NoEvidence means two
// phones, or that nothing tells.
//
// It compares two looks at different times, or through usbmuxd and at the bus. Two
// devices on the bus at one moment are two, whatever they say of themselves.
func (i Identity) Same(other Identity) Evidence {
	switch {
	case known(i.ECID, other.ECID):
		return only(ByECID, i.ECID == other.ECID)
	case known(i.UDID, other.UDID):
		return only(ByUDID, i.UDID == other.UDID)
	case known(i.SerialNumber, other.SerialNumber):
		return only(BySerialNumber, i.SerialNumber == other.SerialNumber)
	case known(i.ProductType, other.ProductType) && i.ProductType != other.ProductType:
		return NoEvidence
	}
	return only(ByPort, i.Port != "" && i.Port == other.Port)
}

// known tells whether both have a value, so that they can be compared.
func known[T comparable](a, b T) bool {
	var none T
	return a != none && b != none
}

func only(by Evidence, same bool) Evidence {
	if same {
		return by
	}
	return NoEvidence
}

// With is the identity after another look at the same phone: what that tells counts,
// above all the port, and what it does not tell stays.
func (i Identity) With(later Identity) Identity {
	return Identity{
		ECID:         cmp.Or(later.ECID, i.ECID),
		UDID:         cmp.Or(later.UDID, i.UDID),
		SerialNumber: cmp.Or(later.SerialNumber, i.SerialNumber),
		ProductType:  cmp.Or(later.ProductType, i.ProductType),
		Port:         cmp.Or(later.Port, i.Port),
	}
}

// Find looks for the same phone: the one with the strongest evidence, of several the
// first. It is -1 where there is none.
func (i Identity) Find(among []Identity) (at int, by Evidence) {
	for _, wanted := range evidences {
		at := slices.IndexFunc(among, func(other Identity) bool { return i.Same(other) == wanted })
		if at >= 0 {
			return at, wanted
		}
	}
	return -1, NoEvidence
}
