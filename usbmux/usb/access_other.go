//go:build !linux

package usb

// Access tells who may open the device: on Linux only, elsewhere it is ErrUnsupported.
func (d Device) Access() (Access, error) {
	return Access{}, opError("look at node", d.Port, ErrUnsupported)
}
