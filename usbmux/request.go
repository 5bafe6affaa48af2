package usbmux

import "math/bits"

// messageType is the name of a request. The constants below are the only values, so
// that nothing else can be asked of the daemon.
type messageType string

// [MUXD] client_command has them all.
const (
	listDevices      messageType = "ListDevices"
	listen           messageType = "Listen"
	connect          messageType = "Connect"
	readBUID         messageType = "ReadBUID"
	readPairRecord   messageType = "ReadPairRecord"
	savePairRecord   messageType = "SavePairRecord"
	deletePairRecord messageType = "DeletePairRecord"
)

// request is the plist of a request. Daemons want MessageType; the program's name and
// the library version are what every client adds ([LIBUSBMUXD] create_plist_message).
type request struct {
	MessageType         messageType
	ProgName            string
	ClientVersionString string
	LibUSBMuxVersion    uint32 `plist:"kLibUSBMuxVersion"`
	DeviceID            uint32 `plist:",omitempty"`
	PortNumber          uint16 `plist:",omitempty"`
	PairRecordID        string `plist:",omitempty"`
	PairRecordData      []byte `plist:",omitempty"`
}

func newRequest(name messageType) request {
	return request{
		MessageType:         name,
		ProgName:            "error53",
		ClientVersionString: "error53",
		LibUSBMuxVersion:    3, // [LIBUSBMUXD] PLIST_LIBUSBMUX_VERSION
	}
}

// newConnect swaps the bytes of the port: the plist holds the port in network order,
// read as a little-endian number ([LIBUSBMUXD] send_connect_packet).
func newConnect(deviceID uint32, port uint16) request {
	r := newRequest(connect)
	r.DeviceID = deviceID
	r.PortNumber = bits.ReverseBytes16(port)
	return r
}

// newPairing asks about the pair record of a phone.
func newPairing(name messageType, udid string) request {
	r := newRequest(name)
	r.PairRecordID = udid
	return r
}
