package recording

import (
	"fmt"
	"maps"
	"math/bits"

	"error53/lockdown"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// What stands in a file for what is new each time, or opens a pairing.
const (
	deviceID    = 1
	firstPort   = 49152 // of services: that of the virtual phones
	hostID      = "53535353-0E53-4053-8053-535353535301"
	systemBUID  = "53535353-0E53-4053-8053-535353535302"
	sessionUUID = "53535353-0E53-4053-8053-535353535303"
)

// normalizer replaces what differs from one conversation to the next although the same
// is said.
type normalizer struct {
	device   usbmux.Device
	services map[uint16]string // by the real port
	ports    map[uint16]uint16 // that stand for the real ones
}

func newNormalizer(device usbmux.Device) *normalizer {
	return &normalizer{device, map[uint16]string{}, map[uint16]uint16{}}
}

// speaker names who is at the other end.
func (n *normalizer) speaker(f frame) string {
	switch f.Port {
	case 0:
		return Usbmuxd
	case lockdown.Port:
		return Lockdownd
	}
	if name := n.services[f.Port]; name != "" {
		return name
	}
	return fmt.Sprint("port ", f.Port)
}

// request gives a request as it stands in a file.
func (n *normalizer) request(message plist.Dict) plist.Dict {
	message = withoutSecrets(message)
	if _, ok := message["DeviceID"]; ok {
		message["DeviceID"] = uint64(deviceID)
	}
	if swapped, ok := message.Uint64("PortNumber"); ok { // in network order, see usbmux
		if known, ok := n.ports[bits.ReverseBytes16(uint16(swapped))]; ok {
			message["PortNumber"] = uint64(bits.ReverseBytes16(known))
		}
	}
	return message
}

// answer gives the answer to a request as it stands in a file.
func (n *normalizer) answer(request, message plist.Dict) plist.Dict {
	message = withoutSecrets(message)
	if list, ok := message.List("DeviceList"); ok {
		message["DeviceList"] = n.entriesOf(list)
	}
	port, ok := message.Uint64("Port")
	service, _ := request.String("Service")
	if ok && requestName(request) == "StartService" {
		n.services[uint16(port)] = service
		n.ports[uint16(port)] = firstPort + uint16(len(n.ports))
		message["Port"] = uint64(n.ports[uint16(port)])
	}
	return message
}

// entriesOf leaves of a list the phone alone.
func (n *normalizer) entriesOf(list []any) []any {
	entries := []any{}
	for _, each := range list {
		entry, _ := each.(plist.Dict)
		if number, _ := entry.Uint64("DeviceID"); uint32(number) != n.device.ID {
			continue
		}
		entry = maps.Clone(entry)
		entry["DeviceID"] = uint64(deviceID)
		if properties, ok := entry.Dict("Properties"); ok {
			properties = maps.Clone(properties)
			properties["DeviceID"] = uint64(deviceID)
			entry["Properties"] = properties
		}
		entries = append(entries, entry)
	}
	return entries
}

// withoutSecrets gives a message without what opens the pairing.
func withoutSecrets(message plist.Dict) plist.Dict {
	message = maps.Clone(message)
	for key, instead := range map[string]any{
		"PairRecordData": []byte{}, "EscrowBag": []byte{},
		"HostID": hostID, "SystemBUID": systemBUID, "SessionID": sessionUUID,
	} {
		if _, ok := message[key]; ok {
			message[key] = instead
		}
	}
	return message
}
