package inspect

import (
	"fmt"
	"time"

	"error53/diag"
	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// lockdownFacts makes facts of a dump: what lockdownd gives without a key, or as many
// of its values as there are, those of other domains beside them or below their names.
func lockdownFacts(values plist.Dict) diag.Facts {
	f := flat(fromLockdown(values)).facts()
	f.ReadAt = fromLockdown(values).moment("TimeIntervalSince1970", time.Unix(0, 0).UTC())
	f.Trust = diag.NotKnown[diag.Trust](notInDumps)
	f.SensorTrace = diag.NotKnown[diag.SensorTrace](notInDumps)
	f.FittedSensor, f.FactorySensor = diag.NotKnown[string](notInDumps), diag.NotKnown[string](notInDumps)
	return f
}

const notInDumps = "a dump does not tell it"

func fromLockdown(values plist.Dict) answer {
	return answer{values: values, source: diag.FromLockdown, who: "lockdownd"}
}

// facts makes facts of what lockdownd gave. Live phones and dumps are read alike.
func (d domains) facts() diag.Facts {
	a := d.global
	version, build := a.release()
	f := withCatalog(diag.Facts{
		Mode:             diag.Known(diag.Normal, diag.FromLockdown),
		ProductType:      a.text(typeText, "ProductType"),
		HardwareModel:    a.text(boardText, "HardwareModel", "HWModel"),
		InstalledVersion: version,
		InstalledBuild:   build,
		ECID:             exclusive(number[uint64](a, "UniqueChipID")),
		UDID:             a.identifier(udidText, "UniqueDeviceID"),
		SerialNumber:     a.identifier(serialText, "SerialNumber"),
		DeviceName:       a.text(anyText, "DeviceName"),
		CPID:             exclusive(number[uint32](a, "ChipID")),
		BDID:             number[uint32](a, "BoardId"),
		Session:          d.session(),
	})
	return withIBoot(withoutNonces(f, nonceUntold), a.text(ibootText, "FirmwareVersion"))
}

// release reads the installed version and build. A rapid security response stands
// apart: ProductVersion 16.5.1 with ProductVersionExtra "(c)", its build in
// SupplementalBuildVersion. The remote service discovery of iOS 17 writes
// OSVersion for ProductVersion (observed).
func (a answer) release() (version, build diag.Fact[string]) {
	version = a.text(versionText, "ProductVersion", "OSVersion")
	build = a.text(buildText, "BuildVersion")
	extra, _ := a.values.String("ProductVersionExtra")
	response := version.Value + " " + extra
	if !version.Known() || extra == "" || !versionText.check(response) {
		return version, build
	}
	if supplemental := a.text(buildText, "SupplementalBuildVersion"); supplemental.Known() {
		build = supplemental
	}
	return diag.Known(response, a.source), build
}

// restoredFacts makes facts of what restored gives: its answers to QueryType
// (HardwareModel, SerialNumber) and to HardwareInfo (ChipID, BoardID, UniqueChipID)
// in one dictionary. Observed in libimobiledevice/idevicerestore issues 311 and 328.
func restoredFacts(values plist.Dict) diag.Facts {
	a := answer{values: values, source: diag.FromRestored, who: "restored"}
	const unreadable = "not readable in restore mode"
	f := withCatalog(diag.Facts{
		Mode:             diag.Known(diag.Restore, diag.FromRestored),
		ProductType:      diag.NotKnown[string]("restored does not tell it"),
		HardwareModel:    a.text(boardText, "HardwareModel"),
		InstalledVersion: diag.NotKnown[string](unreadable),
		InstalledBuild:   diag.NotKnown[string](unreadable),
		ECID:             exclusive(number[uint64](a, "UniqueChipID")),
		UDID:             diag.NotKnown[string]("restore mode hides it"),
		SerialNumber:     a.identifier(serialText, "SerialNumber"),
		DeviceName:       diag.NotKnown[string](unreadable),
		CPID:             exclusive(number[uint32](a, "ChipID")),
		BDID:             number[uint32](a, "BoardID"),
		Session:          diag.NoSession(unreadable),
	})
	return withIBoot(withoutNonces(f, nonceUntold), diag.NotKnown[string](unreadable))
}

// ibootFacts makes facts of an iBoot string. The mode is what the bus said, or
// usb.Unknown: then the string decides, and where it does not either, recovery is
// taken for granted, since no phone shows such a string in normal mode.
func ibootFacts(b usb.IBoot, onBus usb.Mode) diag.Facts {
	mode := diag.Known(diag.Recovery, diag.FromDefault)
	switch {
	case onBus != usb.Unknown:
		mode = diag.Known(diag.Mode(onBus), diag.FromUSB)
	case b.Mode() != usb.Unknown:
		mode = diag.Known(diag.Mode(b.Mode()), diag.FromIBoot)
	}
	f := withCatalog(diag.Facts{
		Mode:             mode,
		ProductType:      diag.NotKnown[string]("iBoot does not tell it"),
		HardwareModel:    diag.NotKnown[string]("iBoot does not tell it"),
		InstalledVersion: diag.NotKnown[string]("iBoot does not tell the iOS version"),
		InstalledBuild:   diag.NotKnown[string]("iBoot does not tell the iOS version"),
		ECID:             fromIBoot(b.ECID, b.HasECID),
		UDID:             diag.NotKnown[string]("iBoot does not tell it"),
		SerialNumber:     ibootSerial(b),
		DeviceName:       diag.NotKnown[string]("iBoot does not tell it"),
		CPID:             fromIBoot(b.CPID, b.CPID != 0),
		BDID:             fromIBoot(b.BDID, b.HasBDID),
		Session:          diag.NoSession("iBoot does not tell it"),
	})
	return withIBoot(withNonces(f, b.Fields["NONC"], b.Fields["SNON"]), ibootOfMode(mode.Value))
}

func fromIBoot[T any](value T, known bool) diag.Fact[T] {
	if !known {
		return diag.NotKnown[T]("not in the iBoot string")
	}
	return diag.Known(value, diag.FromIBoot)
}

func ibootSerial(b usb.IBoot) diag.Fact[string] {
	a := answer{values: plist.Dict{"SRNM": b.SRNM}, source: diag.FromIBoot, who: "iBoot"}
	serial := a.identifier(serialText, "SRNM")
	if !serial.Known() && b.Mode() == usb.DFU {
		serial.Reason = "not readable in DFU mode"
	}
	return serial
}

// withCatalog adds what the catalog knows of the model: its name, and of product
// type, board and version what the phone did not tell.
func withCatalog(f diag.Facts) diag.Facts {
	d, board, ok := lookUp(f)
	if !ok {
		return withoutModel(f)
	}
	f.MarketingName = diag.Known(d.MarketingName, diag.FromCatalog)
	if !f.ProductType.Known() {
		f.ProductType = diag.Known(d.ProductType, diag.FromCatalog)
	}
	if !f.HardwareModel.Known() && board != "" {
		f.HardwareModel = diag.Known(board, diag.FromCatalog)
	}
	if version, ok := d.VersionOf(f.InstalledBuild.Value); ok && !f.InstalledVersion.Known() {
		f.InstalledVersion = diag.Known(version, diag.FromCatalog)
	}
	return f
}

// withoutModel says why there is no name and no product type.
func withoutModel(f diag.Facts) diag.Facts {
	f.MarketingName = diag.NotKnown[string]("the model is not known")
	if f.ProductType.Known() {
		f.MarketingName.Reason = f.ProductType.Value + " is not in the catalog"
	} else if f.CPID.Known() && f.BDID.Known() {
		f.ProductType.Reason = fmt.Sprintf("chip 0x%04x on board 0x%02x is not in the catalog", f.CPID.Value, f.BDID.Value)
	}
	return f
}

// lookUp finds the model by its product type, or without one by its board, or else
// by chip and board id, and its board where that is certain.
func lookUp(f diag.Facts) (d *diag.Device, board string, ok bool) {
	if f.ProductType.Known() {
		d, ok = diag.DeviceByType(f.ProductType.Value)
	} else if d, ok = diag.DeviceByBoard(f.HardwareModel.Value); !ok && f.CPID.Known() && f.BDID.Known() {
		d, ok = diag.DeviceByChip(f.CPID.Value, f.BDID.Value)
	}
	if !ok {
		return nil, "", false
	}
	for _, b := range d.Boards {
		if len(d.Boards) == 1 || f.CPID.Known() && b.CPID == f.CPID.Value {
			board = b.HardwareModel
		}
	}
	return d, board, true
}
