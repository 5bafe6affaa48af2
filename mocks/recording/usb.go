package recording

import (
	"fmt"
	"os"
	"path/filepath"

	"error53/usbmux/plist"
	"error53/usbmux/usb"
)

// Shown is the flow of a phone that is on the bus alone: what it shows there.
func Shown(d usb.Device) Flow {
	shown := plist.Dict{"ProductID": uint64(d.ProductID), "SerialNumber": d.Serial, "ProductName": d.Product}
	return Flow{Speaker: USB, Exchanges: []Exchange{{Answer: shown}}}
}

// usbTree writes the phone into a folder of its own, as the kernel of Linux shows
// devices, which package usb reads on every system.
func (r Recording) usbTree() (root string, remove func(), err error) {
	flow, _ := r.flow(USB)
	if len(flow.Exchanges) != 1 {
		return "", nil, fmt.Errorf("recording: %w: %d devices on the bus", ErrNotVirtual, len(flow.Exchanges))
	}
	shown := flow.Exchanges[0].Answer
	product, _ := shown.Uint64("ProductID")
	serial, _ := shown.String("SerialNumber")
	name, _ := shown.String("ProductName")
	if root, err = os.MkdirTemp("", "error53-usb-"); err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(root) }
	device := filepath.Join(root, "1-1")
	err = os.Mkdir(device, 0o700)
	for file, text := range map[string]string{
		"idVendor": fmt.Sprintf("%04x", usb.AppleVendorID), "idProduct": fmt.Sprintf("%04x", uint16(product)),
		"busnum": "1", "devnum": "1", "speed": "480", "serial": oneLine(serial), "product": oneLine(name),
	} {
		if err == nil {
			err = os.WriteFile(filepath.Join(device, file), []byte(text+"\n"), 0o600)
		}
	}
	if err != nil {
		remove()
		return "", nil, err
	}
	return root, remove, nil
}
