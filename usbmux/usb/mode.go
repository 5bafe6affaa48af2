package usb

// Mode is the state a device stands in, in the words of its USB product id.
type Mode string

// The modes that a product id tells apart.
const (
	Unknown  Mode = ""
	Normal   Mode = "normal" // or the restore ramdisk, which only usbmuxd's side can tell
	Recovery Mode = "recovery"
	DFU      Mode = "dfu"
	WTF      Mode = "wtf"
	PortDFU  Mode = "port-dfu"
	KIS      Mode = "kis"
)

// AppleVendorID is the USB vendor id of Apple.
const AppleVendorID = 0x05ac

// ModeOf tells the mode from the product id of an Apple device. It is Unknown for
// every other product, among them the T2 chip of a Mac and a bare pongoOS.
//
// On chips before the A10 the product id of DFU mode is also that of iBSS, the
// first stage that a restore loads; it shows no SRTG field then (observed,
// doronz88/pymobiledevice3 issue 232), see [IBoot.Mode].
func ModeOf(productID uint16) Mode {
	switch {
	// [USBMUXD] USB_PID range of iPhone, iPad and iPod touch; the ramdisk of a
	// restore shows the same ids.
	case productID >= 0x1290 && productID <= 0x12af:
		return Normal
	// [LIBIRECOVERY] IRECV_K_RECOVERY_MODE_1 to _4; 0x1281 is the usual one.
	case productID >= 0x1280 && productID <= 0x1283:
		return Recovery
	// [LIBIRECOVERY] IRECV_K_DFU_MODE.
	case productID == 0x1227:
		return DFU
	// [LIBIRECOVERY] IRECV_K_WTF_MODE, of the first two iPhones.
	case productID == 0x1222:
		return WTF
	// [LIBIRECOVERY] IRECV_K_PORT_DFU_MODE.
	case productID == 0xf014:
		return PortDFU
	// [LIBIRECOVERY] observed in issue 123: debug DFU of recent chips.
	case productID == 0x1881:
		return KIS
	}
	return Unknown
}
