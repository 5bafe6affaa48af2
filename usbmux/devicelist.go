package usbmux

import (
	"cmp"
	"math"
	"strings"

	"error53/usbmux/plist"
)

// deviceList reads the answer to ListDevices: {DeviceList: [...]}, without a
// MessageType ([MUXD] send_device_list). A daemon that will not list sends a Result.
func deviceList(answer plist.Dict) ([]Device, error) {
	entries, ok := answer.List("DeviceList")
	if !ok {
		return nil, refusal(answer, listDevices, "DeviceList")
	}
	return merge(devices(entries)), nil
}

// devices keeps every entry that has an id or a serial number: an attached phone must
// not vanish because its entry is odd.
func devices(entries []any) []Device {
	list := make([]Device, 0, len(entries))
	for _, entry := range entries {
		d, ok := entry.(plist.Dict)
		if !ok {
			continue
		}
		if device := newDevice(d); device.ID != 0 || device.SerialNumber != "" {
			list = append(list, device)
		}
	}
	return list
}

// newDevice reads {DeviceID, Properties{...}} of a list or of an Attached event. The
// id is in both; the outer one is what Connect takes. UDID is there on macOS only.
func newDevice(entry plist.Dict) Device {
	p, _ := entry.Dict("Properties")
	d := Device{
		ID:         uint32(number(entry, "DeviceID", math.MaxUint32)),
		ProductID:  uint16(number(p, "ProductID", math.MaxUint16)),
		LocationID: location(p),
		Speed:      uint64(number(p, "ConnectionSpeed", math.MaxInt64)),
	}
	if d.ID == 0 {
		d.ID = uint32(number(p, "DeviceID", math.MaxUint32))
	}
	d.ConnectionType = text(p, "ConnectionType")
	d.SerialNumber = cmp.Or(text(p, "SerialNumber"), text(p, "UDID"))
	return d
}

// maxText is the most bytes of a text that are kept: those that the binary form of the
// protocol has room for, NUL aside. [MUXPROTO] struct usbmuxd_device_record.
const maxText = 255

// text is empty for what is absent or no text. The copy lets go of a longer one.
func text(p plist.Dict, key string) string {
	s, _ := p.String(key)
	if len(s) > maxText {
		s = strings.Clone(strings.ToValidUTF8(s[:maxText], ""))
	}
	return s
}

// number is 0 for what is absent, no integer, negative or above limit.
func number(d plist.Dict, key string, limit int64) int64 {
	if n, ok := d.Int64(key); ok && n > 0 && n <= limit {
		return n
	}
	return 0
}

// location takes a 32-bit value that was written as a signed one, too.
func location(p plist.Dict) uint32 {
	n, _ := p.Int64("LocationID")
	if n < math.MinInt32 || n > math.MaxUint32 {
		return 0
	}
	return uint32(n)
}

// merge lists a phone once that is there over USB and over the network, in the place
// of its first entry. Phones in restore mode share a serial number without being twins.
func merge(list []Device) []Device {
	merged := make([]Device, 0, len(list))
	place := make(map[string]int, len(list))
	for _, d := range list {
		i, twin := place[d.key()]
		if twin {
			if d.beats(merged[i]) {
				merged[i] = d
			}
			continue
		}
		if d.SerialNumber != "" && !d.Restore() {
			place[d.key()] = len(merged)
		}
		merged = append(merged, d)
	}
	return merged
}
