package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"error53/diag"
	"error53/diag/firmware"
)

// suiting lists the images that are for a model.
func (i *images) suiting(productType string) []firmware.Image {
	var suiting []firmware.Image
	for _, image := range i.usable {
		if image.Supports(productType) {
			suiting = append(suiting, image)
		}
	}
	return suiting
}

// choose takes the newest image that is for a model.
func (i *images) choose(productType string) (firmware.Image, error) {
	suiting := i.suiting(productType)
	if len(suiting) == 0 {
		return firmware.Image{}, i.wrongModel(productType)
	}
	newest := suiting[0]
	for _, image := range suiting[1:] {
		if image.Release.Compare(newest.Release) > 0 {
			newest = image
		}
	}
	return newest, nil
}

// wrongModel says for which models the images are, as they are not for this one.
func (i *images) wrongModel(productType string) error {
	var types []string
	for _, image := range i.usable {
		types = append(types, image.ProductTypes...)
	}
	reason := fmt.Sprintf("it is for %s, not for %s", modelNames(types), modelNames([]string{productType}))
	if i.folder {
		reason = fmt.Sprintf("no image in it is for %s", modelNames([]string{productType}))
	}
	if i.folder && len(types) > 0 {
		reason += ", only for " + modelNames(types)
	}
	if len(i.refused) > 0 {
		reason += fmt.Sprintf("; files that could not be read: %d, the first %s", len(i.refused), i.refused[0].Name)
	}
	return wrongModelError{&diag.TargetError{Target: filepath.Base(i.name), Reason: reason}}
}

// namedModels is how many models are called by their names; an image may be for dozens.
const namedModels = 4

// modelNames names models: "iPhone 6 [iPhone7,2]".
func modelNames(productTypes []string) string {
	var names []string
	seen := map[string]bool{}
	for _, productType := range productTypes {
		if seen[productType] {
			continue
		}
		seen[productType] = true
		name := productType
		if d, ok := diag.DeviceByType(productType); ok {
			name = fmt.Sprintf("%s [%s]", d.MarketingName, productType)
		}
		names = append(names, name)
	}
	if more := len(names) - namedModels; more > 0 {
		names = append(names[:namedModels], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// state adds the image that suits the phone to the facts. Which one that is cannot be
// told of a phone whose model is not known; it has an error of its own.
func (i *images) state(f *diag.Facts) error {
	if !f.ProductType.Known() {
		f.TargetVersion = diag.NotKnown[string]("which image is for the phone cannot be told without its model")
		f.TargetBuild = f.TargetVersion
		return nil
	}
	image, err := i.choose(f.ProductType.Value)
	if err != nil {
		return err
	}
	return stateImage(f, image)
}

// stateImage makes an image the target. One that claims an iOS which the model never
// had was made by nobody but a tinkerer.
func stateImage(f *diag.Facts, image firmware.Image) error {
	device, _ := diag.DeviceByType(f.ProductType.Value)
	version, build := image.Release.Version.String(), image.Release.Build.String()
	if _, _, err := diag.ParseTarget(device, version+":"+build); err != nil {
		var refused *diag.TargetError
		errors.As(err, &refused)
		return &diag.TargetError{Target: image.Name, Reason: refused.Reason}
	}
	f.TargetVersion, f.TargetBuild = diag.Known(version, diag.FromIPSW), diag.Known(build, diag.FromIPSW)
	f.TargetFile = diag.Known(image.Name, diag.FromOperator)
	f.TargetFDR = diag.NotKnown[bool]("the image does not say it, or not of all its variants the same")
	if supported, said := image.FDRSupport(f.ProductType.Value); said {
		f.TargetFDR = diag.Known(supported, diag.FromIPSW)
	}
	return nil
}

// targetText tells which image the target was taken from; "" where from none.
func targetText(f diag.Facts) string {
	if !f.TargetFile.Known() {
		return ""
	}
	text := fmt.Sprintf("%s, from %s", withBuild(f.TargetVersion.Value, f.TargetBuild.Value), visible(f.TargetFile.Value))
	if f.TargetFDR.Known() {
		text += "; FDRSupport " + yesOrNo(f.TargetFDR.Value)
	}
	return text
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
