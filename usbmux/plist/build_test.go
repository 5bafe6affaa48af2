package plist_test

import (
	"bytes"
	"encoding/binary"
	"strings"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`

// xmlList makes an XML property list with so much inside of <plist>.
func xmlList(inside string) []byte {
	return []byte(xmlHead + `<plist version="1.0">` + inside + "</plist>\n")
}

// layout holds what the trailer of a binary list says, to be made wrong.
type layout struct {
	offsetSize, refSize   byte
	count, top, tableFrom uint64
}

// binaryList lays objects out as a binary property list with the first one on
// top, offsets of 4 bytes, and references of the size that the objects use.
func binaryList(refSize byte, objects ...string) []byte {
	return binaryListWith(refSize, nil, objects...)
}

// binaryListWith lets change spoil the trailer.
func binaryListWith(refSize byte, change func(*layout), objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("bplist00")
	offsets := make([]uint32, len(objects))
	for i, object := range objects {
		offsets[i] = uint32(out.Len())
		out.WriteString(object)
	}
	l := layout{offsetSize: 4, refSize: refSize, count: uint64(len(objects)), tableFrom: uint64(out.Len())}
	for _, offset := range offsets {
		out.Write(binary.BigEndian.AppendUint32(nil, offset))
	}
	if change != nil {
		change(&l)
	}
	out.Write(make([]byte, 6))
	out.Write([]byte{l.offsetSize, l.refSize})
	for _, n := range []uint64{l.count, l.top, l.tableFrom} {
		out.Write(binary.BigEndian.AppendUint64(nil, n))
	}
	return out.Bytes()
}

// ref4 writes an array of one reference of 4 bytes.
func ref4(object int) string {
	return "\xA1" + string(binary.BigEndian.AppendUint32(nil, uint32(object)))
}

// lockdownAnswer is what an unpaired phone says when asked for all of its values,
// with identifiers of our own.
var lockdownAnswer = xmlList(`
<dict>
	<key>Request</key>
	<string>GetValue</string>
	<key>Value</key>
	<dict>
		<key>BasebandCertId</key>
		<integer>3840149528</integer>
		<key>BasebandKeyHashInformation</key>
		<dict>
			<key>AKeyStatus</key>
			<integer>2</integer>
			<key>SKeyHash</key>
			<data>
			AQIDBAUGBwgJCgsMDQ4PEBESExQ=
			</data>
			<key>SKeyStatus</key>
			<integer>0</integer>
		</dict>
		<key>BasebandSerialNumber</key>
		<data>
		ASNFZw==
		</data>
		<key>BasebandVersion</key>
		<string>7.80.04</string>
		<key>BoardId</key>
		<integer>6</integer>
		<key>BuildVersion</key>
		<string>13B143</string>
		<key>CPUArchitecture</key>
		<string>arm64</string>
		<key>ChipID</key>
		<integer>28672</integer>
		<key>DeviceClass</key>
		<string>iPhone</string>
		<key>DeviceColor</key>
		<string>#e1e4e3</string>
		<key>DeviceName</key>
		<string>` + deviceName + `</string>
		<key>DieID</key>
		<integer>9223372036854775809</integer>
		<key>HardwareModel</key>
		<string>N61AP</string>
		<key>HasSiDP</key>
		<true/>
		<key>PartitionType</key>
		<string>GUID_partition_scheme</string>
		<key>ProductName</key>
		<string>iPhone OS</string>
		<key>ProductType</key>
		<string>iPhone7,2</string>
		<key>ProductVersion</key>
		<string>9.1</string>
		<key>ProductionSOC</key>
		<true/>
		<key>ProtocolVersion</key>
		<string>2</string>
		<key>SupportedDeviceFamilies</key>
		<array>
			<integer>1</integer>
		</array>
		<key>TelephonyCapability</key>
		<true/>
		<key>TimeIntervalSince1970</key>
		<real>1446060000.25</real>
		<key>TimeZoneOffsetFromUTC</key>
		<real>-3600</real>
		<key>UniqueChipID</key>
		<integer>6303405673529390</integer>
		<key>UniqueDeviceID</key>
		<string>` + strings.Repeat("e53a", 10) + `</string>
		<key>WiFiAddress</key>
		<string>02:00:00:e5:3a:01</string>
	</dict>
</dict>
`)

// deviceName has five scripts in it.
const deviceName = "Zoë’s 电话 телефон هاتف 🦉"
