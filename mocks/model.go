package mocks

import (
	"fmt"
	"strings"

	"error53/diag"
	"error53/usbmux/plist"
)

// Product ids in normal and restore mode. Observed: 0x12a8 on iPhones from the 5 on,
// 0x12ab on iPads, 0x12aa on the iPod touch; [USBMUXD] src/usb.h takes 0x1290 to 0x12af.
const (
	productIDPhone = 0x12a8
	productIDPod   = 0x12aa
	productIDPad   = 0x12ab
)

// model is what the catalog knows of a phone.
type model struct {
	device  *diag.Device
	board   diag.Board
	release diag.Release
}

// class is the DeviceClass.
func (m model) class() string { return classOf(m.device.ProductType) }

// classOf gives the letters a product type begins with.
func classOf(productType string) string { return strings.TrimRight(productType, "0123456789,") }

func productIDOf(productType string) uint16 {
	switch classOf(productType) {
	case "iPad":
		return productIDPad
	case "iPod":
		return productIDPod
	}
	return productIDPhone
}

// hardwareModel spells a board as phones do: N61AP, and N71mAP where a letter tells
// the variants apart.
func hardwareModel(b diag.Board) string {
	name := strings.TrimSuffix(b.HardwareModel, "ap")
	return strings.ToUpper(name[:1]) + name[1:] + "AP"
}

// chipWithECIDInUDID tells the chips from the A12 on. Their numbers stand between
// those of the A11 (0x8015) and those of the A5 and older (0x87.. to 0x89..).
func (m model) chipWithECIDInUDID() bool { return m.board.CPID >= 0x8020 && m.board.CPID < 0x8700 }

// architecture is the CPUArchitecture by chip.
func (m model) architecture() string {
	switch cpid := m.board.CPID; {
	case m.chipWithECIDInUDID():
		return "arm64e"
	case cpid < 0x8020, cpid == 0x8960:
		return "arm64"
	case cpid == 0x8950, cpid == 0x8955:
		return "armv7s"
	case cpid == 0x8900, cpid == 0x8720:
		return "armv6"
	}
	return "armv7"
}

// values are those of a session, as far as an inspection may want them.
// [PYIOSDEVICE] has their types.
func (m model) values(p Profile) plist.Dict {
	v := plist.Dict{
		"ProductType":    m.device.ProductType,
		"ProductName":    "iPhone OS",
		"ProductVersion": m.release.Version.String(),
		"DeviceClass":    m.class(),
		"DeviceName":     p.Name,
		"DeviceColor":    "1",
		"HardwareModel":  hardwareModel(m.board),

		"ChipID":          uint64(m.board.CPID),
		"BoardId":         uint64(m.board.BDID),
		"CPUArchitecture": m.architecture(),
		"HasSiDP":         m.secure(),
		"ProductionSOC":   true,

		"PartitionType":           "GUID_partition_scheme",
		"ProtocolVersion":         "2",
		"SupportedDeviceFamilies": m.families(),
		"TelephonyCapability":     m.class() == "iPhone",

		"ActivationState":             "Activated", // this and what follows needs a session
		"ActivationStateAcknowledged": true,
		"BrickState":                  false,
		"HostAttached":                true,
		"NonVolatileRAM":              plist.Dict{"auto-boot": []byte("true"), "boot-args": ""},
		"PasswordProtected":           false,
		"RegionInfo":                  "ZD/A",
		"SoftwareBehavior":            []byte("\x11\x00\x00\x00"),
		"TimeZone":                    "Europe/Berlin",
		"TimeZoneOffsetFromUTC":       3600.0,
		"TrustedHostAttached":         true,
		"Uses24HourClock":             true,
	}
	if !m.release.Build.IsZero() {
		v["BuildVersion"] = m.release.Build.String()
	}
	m.identify(v, p)
	return v
}

// secure tells whether the chip has a Secure Enclave: the A7 and later, all of them 64 bit.
func (m model) secure() bool { return strings.HasPrefix(m.architecture(), "arm64") }

// families are 1 for iPhone and iPod, 2 for iPad, which runs both kinds of app.
func (m model) families() []any {
	if m.class() == "iPad" {
		return []any{uint64(1), uint64(2)}
	}
	return []any{uint64(1)}
}

// hardwareInfo is restored's. UniqueChipID is signed there.
// [IDEVICERESTORE] src/restore.c.
func (m model) hardwareInfo(ecid uint64) plist.Dict {
	return plist.Dict{
		"BoardID":                 uint64(m.board.BDID),
		"ChipID":                  uint64(m.board.CPID),
		"EffectiveProductionMode": true,
		"EffectiveSecurityMode":   true,
		"ProductionMode":          true,
		"SecurityDomain":          uint64(1),
		"SecurityMode":            true,
		"SupportsImage4":          m.secure(),
		"UniqueChipID":            int64(ecid),
	}
}

// savedDebugInfo is what the last restore left behind: nothing that went wrong.
// [IDEVICERESTORE] src/restore.c.
func savedDebugInfo() plist.Dict {
	return plist.Dict{"PreviousExitStatus": "0x0", "USBLog": "", "PanicLog": ""}
}

// udid makes a UDID. From the A12 on it is chip and ECID with a dash between, which
// usbmuxd puts there; before that it is 40 hex digits that mean nothing.
// [USBMUXD] src/usb.c.
func (m model) udid(ecid uint64) string {
	if m.chipWithECIDInUDID() {
		return fmt.Sprintf("%08X-%016X", m.board.CPID, ecid)
	}
	return strings.Repeat("53", 12) + fmt.Sprintf("%016x", ecid)
}
