package mocks

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"error53/usbmux/plist"
)

// PhoneOf makes a phone that says what another has said: of lockdownd's values, as in a
// dump. It trusts the host, so that a session gives all of them; without one there are
// those of [PublicKeys]. What a dump does not hold it does not say. A UDID that the
// values lack is made up. It fails without a ProductType.
func PhoneOf(values plist.Dict) (Phone, error) {
	values = valuesOf(values)
	overlay(values, nil)
	productType, ok := values.String("ProductType")
	if !ok {
		return Phone{}, errors.New("mocks: values without a ProductType make no phone")
	}
	p := Phone{ProductID: productIDOf(productType), Values: values, Trust: Trust{State: Paired}}
	p.Name, _ = values.String("DeviceName")
	if p.UDID, ok = values.String("UniqueDeviceID"); !ok || p.UDID == "" {
		p.UDID = udidOf(values)
	}
	return p, nil
}

// udidOf makes a UDID that follows from the values.
func udidOf(values plist.Dict) string {
	data, err := encodeXML(values)
	if err != nil { // what cannot be written has no other name than its model
		data = []byte(fmt.Sprint(values["ProductType"]))
	}
	sum := sha256.Sum256(data)
	return fmt.Sprintf("5353%x", sum[:18])
}
