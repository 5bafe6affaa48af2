package usbmux_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux"
)

func virtual(t *testing.T, profile mocks.Profile) mocks.Phone {
	phone, err := profile.Phone()
	require.NoError(t, err)
	return phone
}

// A bench with everything a list can hold: a phone of each form of UDID, one of them
// over the network as well, and two in restore mode.
func TestListOfVirtualPhones(t *testing.T) {
	t.Parallel()
	old := virtual(t, mocks.Profile{ProductType: "iPhone7,2", ECID: 0x53000001})
	young := virtual(t, mocks.Profile{ProductType: "iPhone14,6", ECID: 0x53000002})
	bench := mocks.NewBench(
		young.OverNetwork(), old, young,
		virtual(t, mocks.Profile{ProductType: "iPhone6,2", Mode: diag.Restore, ECID: 0x53000003}),
		virtual(t, mocks.Profile{ProductType: "iPhone8,1", Mode: diag.Restore, ECID: 0x53000004}),
	)
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}
	devices, err := client.ListDevices(t.Context())
	require.NoError(t, err)

	require.Len(t, devices, 4)
	assert.EqualValues(t, 3, devices[0].ID, "by USB, where the network listed it")
	ecid, ok := devices[0].ECID()
	assert.True(t, ok)
	assert.EqualValues(t, 0x53000002, ecid)
	assert.Equal(t, old.UDID, devices[1].UDID())
	assert.True(t, devices[2].Restore())
	assert.True(t, devices[3].Restore())

	assert.Equal(t, 1, bench.Connections())
	require.Len(t, bench.Requests(), 1)
	assert.Equal(t, "ListDevices", bench.Requests()[0].Name)
}

func TestConnectToVirtualPhones(t *testing.T) {
	t.Parallel()
	bench := mocks.NewBench(virtual(t, mocks.Profile{ProductType: "iPhone7,2"}))
	defer bench.Close()
	client := usbmux.Client{Dial: bench.Dial}

	conn, err := client.Connect(t.Context(), 1, 62078)
	require.NoError(t, err)
	require.NoError(t, conn.Close())

	_, err = client.Connect(t.Context(), 1, 9)
	require.ErrorIs(t, err, usbmux.ErrRefused, "nothing listens there")
	for _, id := range []uint32{0, 2} {
		_, err = client.Connect(t.Context(), id, 62078)
		require.ErrorIs(t, err, usbmux.ErrGone, "there is no phone %d", id)
	}
}

// What each fault of the daemon looks like from here.
func TestFaultsOfUsbmuxd(t *testing.T) {
	t.Parallel()
	for kind, want := range map[mocks.Kind]error{
		mocks.Cut:         usbmux.ErrGone,
		mocks.WrongLength: usbmux.ErrProtocol,
		mocks.Garbage:     usbmux.ErrProtocol,
		mocks.WrongTag:    usbmux.ErrProtocol,
		mocks.WrongType:   usbmux.ErrProtocol,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			bench := mocks.NewBench(virtual(t, mocks.Profile{ProductType: "iPhone7,2"}))
			bench.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: kind}}
			defer bench.Close()
			client := usbmux.Client{Dial: bench.Dial}
			_, err := client.ListDevices(t.Context())
			require.ErrorIs(t, err, want)
		})
	}
}

// From plugging in to the daemon's end, as a screen would see it.
func TestListenToVirtualPhones(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		young := virtual(t, mocks.Profile{ProductType: "iPhone14,6", ECID: 0x53000002})
		restoring := virtual(t, mocks.Profile{ProductType: "iPhone8,1", Mode: diag.Restore, ECID: 0x53000004})
		bench := mocks.NewBench(young)
		defer bench.Close()
		client := usbmux.Client{Dial: bench.Dial}
		ctx, cancel := context.WithCancel(t.Context())
		var heard []string
		done := make(chan struct{})
		go func() {
			defer close(done)
			for e := range client.Listen(ctx) {
				heard = append(heard, brief(e))
			}
		}()
		for _, step := range []func(){
			func() { bench.Attach(young.OverNetwork()) },
			func() { bench.Attach(restoring) },
			func() { bench.Detach(1) },
			func() { bench.Replug(3) },
			func() { bench.Restart() },
			cancel,
		} {
			time.Sleep(time.Second)
			step()
		}
		<-done
		assert.Equal(t, []string{
			"Daemon", "Attached 1 USB", "Attached 3 USB", "Changed 2 Network", "Detached 3 USB", "Attached 4 USB",
			"Daemon: connection lost", "Detached 2 Network: connection lost", "Detached 4 USB: connection lost",
			"Daemon", "Attached 1 Network", "Attached 2 USB",
		}, heard)
	})
}
