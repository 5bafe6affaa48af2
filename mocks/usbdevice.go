package mocks

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"error53/diag"
)

// productIDs of the modes that usbmuxd does not serve. [LIBIRECOVERY]
// include/libirecovery.h, enum irecv_mode; KIS: observed in its issue 123.
var productIDs = map[diag.Mode]uint16{
	diag.Recovery: 0x1281, diag.DFU: 0x1227, diag.WTF: 0x1222, diag.PortDFU: 0xf014, diag.KIS: 0x1881,
}

// usbProductID is the product id on the bus.
func (a *attachment) usbProductID() uint16 {
	if id, ok := productIDs[a.phone.Mode]; ok {
		return id
	}
	return a.productID()
}

// Indexes of the string descriptors. Observed (tr4m0ryp/tr4mpass issue 45) but for the
// first: [LIBIRECOVERY] src/libirecovery.c, irecv_copy_nonce_with_tag.
const (
	indexNonces = 1 + iota
	indexManufacturer
	indexProduct
	indexSerial
)

// text gives a string of the phone by its index, "" for one that it does not have.
func (p *Phone) text(index uint8) string {
	switch {
	case index == indexNonces && !p.served():
		return p.nonces()
	case index == indexManufacturer:
		return "Apple Inc."
	case index == indexProduct:
		return p.productText()
	case index == indexSerial && p.served():
		return strings.ReplaceAll(p.serial(), "-", "") // usbmuxd puts it in
	case index == indexSerial && p.IBoot != "":
		return p.IBoot
	case index == indexSerial:
		return p.ibootText()
	}
	return ""
}

func (p *Phone) productText() string {
	switch p.Mode {
	case diag.Recovery:
		return "Apple Mobile Device (Recovery Mode)"
	case diag.DFU, diag.WTF:
		return "Apple Mobile Device (DFU Mode)"
	}
	class, _ := p.Values.String("DeviceClass")
	return class
}

// ibootText makes the string by which a phone names itself below iOS, of those values
// that it has: chip, board, ECID, and its serial number or the tag of its boot ROM. The
// A12 and later begin with the security domain. Form observed, libimobiledevice issue 146.
func (p *Phone) ibootText() string {
	chip, _ := p.Values.Uint64("ChipID")
	board, _ := p.Values.Uint64("BoardId")
	ecid, _ := p.Values.Uint64("UniqueChipID")
	serial, _ := p.Values.String("SerialNumber")
	end := fmt.Sprintf("IBFL:1C SRTG:[%s]", bootROM(chip))
	if p.Mode == diag.Recovery {
		end = fmt.Sprintf("IBFL:1D SRNM:[%s]", serial)
	}
	start := ""
	if chip >= 0x8020 && chip < 0x8700 {
		start = "SDOM:01 "
	}
	return start + fmt.Sprintf("CPID:%04X CPRV:11 CPFM:03 SCEP:01 BDID:%02X ECID:%016X %s", chip, board, ecid, end)
}

// bootROM is the tag of the boot ROM of a chip. Observed: axi0mX/ipwndfu issues 118, 122
// and 138, and MatthewPierson/Vieux issue 27; that of other chips is made up.
func bootROM(chip uint64) string {
	known := map[uint64]string{
		0x7000: "iBoot-1992.0.0.1.19", 0x8000: "iBoot-2234.0.0.3.3", 0x8003: "iBoot-2234.0.0.2.22",
		0x8010: "iBoot-2696.0.0.1.33", 0x8015: "iBoot-3332.0.0.1.23", 0x8960: "iBoot-1704.10",
	}
	if tag, ok := known[chip]; ok {
		return tag
	}
	return "iBoot-5353.0.0.5.3"
}

// nonces are made up, of the length that image4 devices have for the first and the
// Secure Enclave for the second.
func (p *Phone) nonces() string {
	ecid, _ := p.Values.Uint64("UniqueChipID")
	return fmt.Sprintf("NONC:%064x SNON:%040x", ecid+0x5353, ecid+0x53)
}

// deviceDescriptor has 18 bytes: [USB2] table 9-8.
func (a *attachment) deviceDescriptor() []byte {
	b := []byte{18, descriptorDevice, 0, 2, 0, 0, 0, 64, 0xac, 0x05, 0, 0, 0, 0, indexManufacturer, indexProduct, indexSerial, 1}
	binary.LittleEndian.PutUint16(b[10:], a.usbProductID())
	return b
}

// stringDescriptor puts a text into a descriptor, as much of it as there is room for.
func stringDescriptor(text string) []byte {
	b := []byte{0, descriptorString}
	for _, unit := range utf16.Encode([]rune(text)) {
		if len(b)+2 > 254 {
			break
		}
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	b[0] = byte(len(b))
	return b
}
