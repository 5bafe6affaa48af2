package usbmux_test

import (
	"context"
	"fmt"

	"error53/mocks"
	"error53/usbmux"
)

// A phone is there, is pulled, and the loop is left.
func ExampleClient_Listen() {
	bench := mocks.NewBench(mocks.Phone{UDID: "00008101-0A1B2C3D4E5F6071"})
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}

	for event := range client.Listen(context.Background()) {
		switch event.Kind {
		case usbmux.Daemon:
			fmt.Println("usbmuxd:", event.Err)
		case usbmux.Attached:
			fmt.Println("here:", event.Device.UDID())
			bench.Detach(event.Device.ID)
		case usbmux.Detached:
			fmt.Println("gone:", event.Device.UDID())
			return
		}
	}
	// Output:
	// usbmuxd: <nil>
	// here: 00008101-0A1B2C3D4E5F6071
	// gone: 00008101-0A1B2C3D4E5F6071
}
