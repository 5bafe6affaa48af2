package firmware

import (
	"fmt"
	"slices"

	"error53/diag"
	"error53/usbmux/plist"
)

// MaxManifest caps a property list of an IPSW, in bytes. Real ones have some 100 KB
// for a single model and megabytes for many.
const MaxManifest = 16 << 20

// decode reads a BuildManifest.plist or a Restore.plist. Both have the three keys
// that matter most; only the first has BuildIdentities [RESTORE].
func decode(data []byte) (Image, error) {
	list, err := plist.DecodeDict(plist.Prune(data, "Manifest"))
	if err != nil {
		return Image{}, ofList(err)
	}
	image := Image{ProductTypes: productTypes(list), Identities: identities(list)}
	if image.Release, err = release(list); err != nil {
		return Image{}, err
	}
	if len(image.ProductTypes) == 0 {
		return Image{}, fmt.Errorf("%w: no SupportedProductTypes", ErrIncomplete)
	}
	if err := image.refuseOther(); err != nil {
		return Image{}, err
	}
	return image, nil
}

// release reads version and build.
func release(list plist.Dict) (diag.Release, error) {
	version, versioned := list.String("ProductVersion")
	build, built := list.String("ProductBuildVersion")
	if !versioned && !built {
		return diag.Release{}, fmt.Errorf("%w: a property list of another kind", ErrNotFirmware)
	}
	v, err := diag.ParseVersion(version)
	if err != nil {
		return diag.Release{}, fmt.Errorf("%w: no ProductVersion such as 9.2.1", ErrIncomplete)
	}
	b, err := diag.ParseBuild(build)
	if err != nil {
		return diag.Release{}, fmt.Errorf("%w: no ProductBuildVersion such as 13D20", ErrIncomplete)
	}
	return diag.Release{Version: v, Build: b}, nil
}

// productTypes reads the models; what cannot be one is passed over, so that each is
// short and can be shown.
func productTypes(list plist.Dict) []string {
	values, _ := list.List("SupportedProductTypes")
	var types []string
	for _, value := range values {
		if productType, ok := value.(string); ok && diag.IsProductType(productType) && !slices.Contains(types, productType) {
			types = append(types, productType)
		}
	}
	return types
}

func identities(list plist.Dict) []Identity {
	values, _ := list.List("BuildIdentities")
	var read []Identity
	for _, value := range values {
		identity, _ := value.(plist.Dict)
		info, ok := identity.Dict("Info")
		if !ok {
			continue
		}
		var each Identity
		each.Board, _ = info.String("DeviceClass")
		each.Variant, _ = info.String("Variant")
		each.Behavior, _ = info.String("RestoreBehavior")
		if supported, said := info.Bool("FDRSupport"); said {
			each.FDRSupport = &supported
		}
		read = append(read, each)
	}
	return read
}

// refuseOther refuses an image that is for no model of ours.
func (i Image) refuseOther() error {
	for _, productType := range i.ProductTypes {
		if _, ours := diag.Family(productType); ours {
			return nil
		}
	}
	family, _ := diag.Family(i.ProductTypes[0])
	return fmt.Errorf("%w: it is for %s (%s)", ErrOtherDevice, family, i.ProductTypes[0])
}
