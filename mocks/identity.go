package mocks

import (
	"fmt"

	"error53/usbmux/plist"
)

// identify adds the identifiers: all made up, all of the right form, all following
// from the ECID, so that phones with an ECID each differ in every one.
func (m model) identify(v plist.Dict, p Profile) {
	v["UniqueDeviceID"] = p.UDID
	v["UniqueChipID"] = p.ECID
	v["DieID"] = p.ECID // the same on phones with a Secure Enclave
	v["SerialNumber"] = serialNumber(p.ECID)
	v["MLBSerialNumber"] = boardSerial(p.ECID)
	v["WiFiAddress"] = macAddress(p.ECID, 0)
	v["BluetoothAddress"] = macAddress(p.ECID, 1)
	if m.class() == "iPhone" {
		v["BasebandVersion"] = "5.30.53"
		v["InternationalMobileEquipmentIdentity"] = imei(p.ECID)
		v["PhoneNumber"] = fmt.Sprintf("+1 555 %07d", p.ECID%10_000_000)
	}
}

// serialNumber has 12 characters, as those of the phones between 2010 and 2021.
// No factory is called E53.
func serialNumber(ecid uint64) string { return fmt.Sprintf("E53M%08X", uint32(ecid)) }

// boardSerial is that of the main board, which has 17 characters.
func boardSerial(ecid uint64) string { return fmt.Sprintf("E53BRD%08X000", uint32(ecid)) }

// macAddress is one that no maker owns: the bit for local administration is set.
func macAddress(ecid uint64, n byte) string {
	return fmt.Sprintf("02:53:%02x:%02x:%02x:%02x", n, byte(ecid>>16), byte(ecid>>8), byte(ecid))
}

// imei has the test prefix 00 and a right check digit.
func imei(ecid uint64) string {
	digits := fmt.Sprintf("00535353%06d", ecid%1_000_000)
	return digits + string(luhn(digits))
}

// luhn gives the check digit for a row of digits (ISO/IEC 7812-1, annex B).
func luhn(digits string) byte {
	sum := 0
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			n *= 2
		}
		sum += n/10 + n%10
	}
	return byte('0' + (10-sum%10)%10)
}
