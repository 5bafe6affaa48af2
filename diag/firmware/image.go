package firmware

import (
	"slices"
	"strings"

	"error53/diag"
)

// Image is what an IPSW says of itself.
type Image struct {
	Name         string       // of the file, without its folder
	Release      diag.Release // what it installs, version and build
	ProductTypes []string     // the models it is for, at least one; spelt "iPhone7,2"
	Identities   []Identity   // none where there was only a Restore.plist
}

// Identity is one kind of installation on one kind of board.
type Identity struct {
	Board      string // Info.DeviceClass, "n61ap"
	Variant    string // Info.Variant, "Customer Erase Install (IPSW)"
	Behavior   string // Info.RestoreBehavior, "Erase" or "Update"
	FDRSupport *bool  // Info.FDRSupport; nil where it is not said
}

// Supports tells whether the image is for a model.
func (i Image) Supports(productType string) bool { return slices.Contains(i.ProductTypes, productType) }

// FDRSupport tells whether the image says that it restores the factory data (FDR) of
// a model. It is not said where its identities do not, or not all the same.
func (i Image) FDRSupport(productType string) (supported, said bool) {
	identities := i.identitiesOf(productType)
	for at, identity := range identities {
		if identity.FDRSupport == nil || *identity.FDRSupport != *identities[0].FDRSupport {
			return false, false
		}
		supported, said = *identities[at].FDRSupport, true
	}
	return supported, said
}

// Ways lists how the image can be installed on a model: by an update, which leaves
// the data, or by a restore, which erases. Both where the image does not say; never
// over the air, for which Apple has files of another kind.
func (i Image) Ways(productType string) []diag.Way {
	var ways []diag.Way
	for _, way := range []diag.Way{diag.ComputerUpdate, diag.ComputerRestore} {
		if slices.ContainsFunc(i.identitiesOf(productType), func(each Identity) bool { return each.way() == way }) {
			ways = append(ways, way)
		}
	}
	if ways == nil {
		return []diag.Way{diag.ComputerUpdate, diag.ComputerRestore}
	}
	return ways
}

// way goes by the behavior, and by the name of the variant where there is none.
// [RESTORE] does it the other way round; the two have never been seen to differ.
func (i Identity) way() diag.Way {
	switch {
	case i.Behavior == "Erase", i.Behavior == "" && strings.Contains(i.Variant, "Erase Install"):
		return diag.ComputerRestore
	case i.Behavior == "Update", i.Behavior == "" && strings.Contains(i.Variant, "Upgrade Install"):
		return diag.ComputerUpdate
	}
	return diag.WayNotStated
}

// identitiesOf keeps what is about the boards of a model, or all where the catalog
// knows none of them: an image may be for several models.
func (i Image) identitiesOf(productType string) []Identity {
	var own []Identity
	for _, identity := range i.Identities {
		if d, ok := diag.DeviceByBoard(identity.Board); ok && d.ProductType == productType {
			own = append(own, identity)
		}
	}
	if own == nil {
		return i.Identities
	}
	return own
}
