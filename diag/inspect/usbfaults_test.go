package inspect_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux/usb"
)

// becomes is what each kind of fault of a device becomes, nil where it hurts nothing.
// Linux tells the strings, and where it has none the device is opened.
var becomes = map[mocks.Kind]error{
	mocks.Silent:      usb.ErrTimeout,
	mocks.Slow:        nil,
	mocks.WrongLength: nil, // Linux goes by what came
	mocks.Garbage:     usb.ErrNotIBoot,
	mocks.WrongType:   usb.ErrMalformed,
	mocks.Vanish:      usb.ErrGone,
	mocks.Stall:       usb.ErrRefused,
	mocks.NoSerial:    usb.ErrRefused,
	mocks.Refuse:      nil, // nothing is opened as long as Linux tells
	mocks.Held:        nil,
}

// Whatever a device on the bus does, it has its row, in time, and the others are read as
// if it were not there. Nothing but descriptors is asked for.
func TestUSBFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range mocks.USBKinds {
		for _, mode := range []diag.Mode{diag.Recovery, diag.DFU, diag.WTF} {
			t.Run(fmt.Sprint(kind, " in ", mode), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { testUSBFault(t, kind, mode) })
			})
		}
	}
}

func testUSBFault(t *testing.T, kind mocks.Kind, mode diag.Mode) {
	want, ok := becomes[kind]
	require.True(t, ok)
	fault := mocks.Fault{Side: mocks.OnBus, Kind: kind}
	if kind == mocks.Slow {
		fault.Delay = 300 * time.Millisecond
	}
	w := openWorkshop(t,
		attached(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.DFU, ECID: 0x5353000000a1}),
		attached(t, mocks.Profile{ProductType: "iPhone8,1", Mode: mode, ECID: 0x5353000000a2, Faults: []mocks.Fault{fault}}),
		attached(t, mocks.Profile{ProductType: "iPhone7,1", Mode: diag.Recovery, ECID: 0x5353000000a3}))
	start := time.Now()
	read := w.inspector.Read(t.Context(), w.list(t))
	assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
	require.Len(t, read, 3)
	assert.Equal(t, mode, read[1].Facts.Mode.Value)
	if want == nil {
		require.NoError(t, read[1].Err)
		assert.Equal(t, "iPhone8,1", read[1].Facts.ProductType.Value)
	} else {
		require.ErrorIs(t, read[1].Err, want)
		assert.False(t, read[1].Facts.ProductType.Known())
	}
	assert.Equal(t, []string{"iPhone7,2", "iPhone7,1"}, []string{read[0].Facts.ProductType.Value, read[2].Facts.ProductType.Value})
	for _, r := range w.Requests() {
		if r.Side == mocks.OnBus {
			assert.Equal(t, "GET_DESCRIPTOR", r.Name)
			assert.Equal(t, "1-2", r.Key, "the others are not opened")
		}
	}
}

// A user who may not open a device that shows no string is told so, and about which node.
func TestRefusedWithoutString(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, attached(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.Recovery, Faults: []mocks.Fault{
		{Side: mocks.OnBus, Kind: mocks.Stall}, {Side: mocks.OnBus, Kind: mocks.Refuse},
	}}))
	read := w.inspector.Read(t.Context(), w.list(t))
	require.ErrorIs(t, read[0].Err, usb.ErrPermission)
}

// Devices that show one string are two as long as two are there, and forty are forty.
func TestCrowdedBus(t *testing.T) {
	t.Parallel()
	var phones []mocks.Phone
	for n := range 40 {
		phones = append(phones, attached(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.Recovery, ECID: uint64(0x5353000000a1 + n%39)}))
	}
	w := openWorkshop(t, phones...)
	read := w.inspector.Read(t.Context(), w.list(t))
	require.Len(t, read, 40)
	ports := map[string]bool{}
	for _, p := range read {
		require.NoError(t, p.Err)
		ports[p.Port] = true
	}
	assert.Len(t, ports, 40)
	var twins []inspect.Phone
	for _, p := range read {
		if p.Facts.ECID.Value == 0x5353000000a1 {
			twins = append(twins, p)
		}
	}
	assert.Len(t, twins, 2)
}
