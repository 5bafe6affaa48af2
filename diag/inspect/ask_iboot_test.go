package inspect_test

import (
	"syscall"
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

// inRecovery is a phone that shows its iBoot to whoever asks.
func inRecovery(t *testing.T, faults ...mocks.Fault) mocks.Phone {
	t.Helper()
	return attached(t, mocks.Profile{
		ProductType: "iPhone7,2", Mode: diag.Recovery, ECID: 0x5353000000a1, IBootVersion: "iBoot-4513.270.6", Faults: faults,
	})
}

// askedOf counts what a phone was asked on the bus.
func (w workshop) askedOf(port string) map[string]int {
	asked := map[string]int{}
	for _, r := range w.Requests() {
		if r.Side == mocks.OnBus && r.Key == port {
			asked[r.Name]++
		}
	}
	return asked
}

// Where iBoot may be asked, it is asked once, and what it says bounds the iOS on the
// phone. Its nonces stand in a descriptor.
func TestAskIBoot(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, inRecovery(t), attached(t, mocks.Profile{ProductType: "iPhone8,1", Mode: diag.DFU, ECID: 0x5353000000a2}))
	listed := w.list(t)
	assert.Empty(t, w.askedOf("1-1"), "a list asks nothing")
	assert.Equal(t, "the iBoot string does not tell it", listed[0].Facts.IBoot.Reason)
	w.inspector.Ask = true
	read := w.inspector.Read(t.Context(), listed)
	require.NoError(t, read[0].Err)
	f := read[0].Facts
	assert.Equal(t, diag.Known("iBoot-4513.270.6", diag.FromIBoot), f.IBoot)
	assert.Equal(t, diag.Known(diag.Range{Lowest: "12.3.1", Highest: "12.4.8"}, diag.FromIBoot), f.InstalledRange)
	assert.Equal(t, "iBoot does not tell the iOS version", f.InstalledVersion.Reason)
	assert.Regexp(t, "^[0-9a-f]{40,64}$", f.APNonce.Value)
	assert.Equal(t, diag.FromIBoot, f.SEPNonce.Source)
	asked := w.askedOf("1-1")
	assert.Equal(t, map[string]int{"getenv build-version": 1, "answer": 1, "GET_DESCRIPTOR": asked["GET_DESCRIPTOR"]}, asked)

	rom := read[1].Facts
	assert.Contains(t, rom.IBoot.Reason, "the boot ROM of the chip")
	assert.False(t, rom.InstalledRange.Known(), "SRTG is no version of an installed iBoot")
	assert.True(t, rom.APNonce.Known())
	assert.NotContains(t, w.askedOf("1-2"), "getenv build-version")
}

// Whoever goes on looking at phones asks them nothing.
func TestIBootIsNotAskedUnasked(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, inRecovery(t))
	read := w.inspector.Read(t.Context(), w.list(t))
	assert.False(t, read[0].Facts.IBoot.Known())
	assert.False(t, read[0].Facts.APNonce.Known())
	assert.Empty(t, w.askedOf("1-1"))
}

// A phone that was seen to leave normal mode may be in the middle of a restore.
func TestIBootIsNotAskedOnItsWay(t *testing.T) {
	t.Parallel()
	for _, generation := range generations {
		synctest.Test(t, func(t *testing.T) {
			generation.IBootVersion = "iBoot-4513.270.6"
			w := openWorkshop(t, attached(t, generation))
			w.inspector.Ask, w.Lag = true, 150*time.Millisecond
			w.SetMode("1-1", diag.Recovery)
			read := w.inspector.Read(t.Context(), w.list(t))
			require.Equal(t, "recovery 1-1", shown(read))
			assert.Contains(t, read[0].Facts.IBoot.Reason, "left normal mode")
			assert.Empty(t, w.askedOf("1-1"), generation.ProductType)
			time.Sleep(time.Second)
			read = w.inspector.Read(t.Context(), w.list(t))
			assert.True(t, read[0].Facts.IBoot.Known(), "once it stays there")
		})
	}
}

// What stands in the way is a reason among the facts, and no error: all else is known,
// and the others are asked all the same.
func TestIBootUnanswered(t *testing.T) {
	t.Parallel()
	onBus := func(kind mocks.Kind) []mocks.Fault { return []mocks.Fault{{Side: mocks.OnBus, Kind: kind}} }
	for _, test := range []struct {
		name    string
		version string
		faults  []mocks.Fault
		err     error // of every transfer
		reason  string
	}{
		{"no right to open it", "iBoot-4513.270.6", onBus(mocks.Refuse), nil, "this user may not open the USB device: error53 doctor tells the remedy"},
		{"another program has it", "iBoot-4513.270.6", onBus(mocks.Held), nil, "another program holds the USB device, and is left alone"},
		{"silence", "iBoot-4513.270.6", nil, syscall.ETIMEDOUT, "iBoot did not answer in time"},
		{"a stall", "iBoot-4513.270.6", nil, syscall.EPIPE, "iBoot does not tell it"},
		{"unplugged", "iBoot-4513.270.6", nil, syscall.ENODEV, "the phone was unplugged, or restarted, before it was asked"},
		{"an error of no kind", "iBoot-4513.270.6", nil, syscall.EXDEV, "iBoot could not be asked"},
		{"an iBoot that does not know", "", nil, nil, "iBoot does not tell it"},
		{"garbage", "\x1b[2J", nil, nil, "what iBoot answers makes no sense"},
		{"another text", "4513", nil, nil, `iBoot gave "4513", which is not an iBoot version`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := mocks.Profile{ProductType: "iPhone8,1", Mode: diag.Recovery, ECID: 0x5353000000a2, IBootVersion: test.version, Faults: test.faults}
			w := openWorkshop(t, attached(t, p), inRecovery(t))
			listed := w.list(t)
			w.inspector.Ask, w.inspector.USB.Open = true, w.failing(listed[0].Raw.NodePath, test.err)
			read := w.inspector.Read(t.Context(), listed)
			require.NoError(t, read[0].Err)
			assert.Equal(t, test.reason, read[0].Facts.IBoot.Reason)
			assert.Equal(t, "the version of its iBoot is not known", read[0].Facts.InstalledRange.Reason)
			assert.Equal(t, "iPhone8,1", read[0].Facts.ProductType.Value)
			assertReasons(t, read[0].Facts)
			assert.Equal(t, "iBoot-4513.270.6", read[1].Facts.IBoot.Value)
		})
	}
}

// failing opens devices so that every transfer with one of them ends in an error, if any.
func (w workshop) failing(node string, err error) func(string) (usb.Transfer, func(), error) {
	return func(opened string) (usb.Transfer, func(), error) {
		if opened != node || err == nil {
			return w.OpenUSB(opened)
		}
		return func(uint8, uint8, uint16, uint16, []byte) (int, error) { return 0, err }, func() {}, nil
	}
}

// A phone that hangs has its row in time, with what its string tells.
func TestIBootHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorkshop(t, inRecovery(t))
		hang := func(uint8, uint8, uint16, uint16, []byte) (int, error) {
			time.Sleep(time.Minute)
			return 0, syscall.ETIMEDOUT
		}
		w.inspector.Ask = true
		w.inspector.USB.Open = func(string) (usb.Transfer, func(), error) { return hang, func() {}, nil }
		start := time.Now()
		read := w.inspector.Read(t.Context(), w.list(t))
		assert.LessOrEqual(t, time.Since(start), inspect.DefaultTimeout)
		require.NoError(t, read[0].Err)
		assert.Equal(t, "iPhone7,2", read[0].Facts.ProductType.Value)
		assert.Equal(t, "iBoot did not answer in time", read[0].Facts.IBoot.Reason)
		time.Sleep(time.Hour) // until the transfers have ended
	})
}

// A build without libusb says what it lacks.
func TestIBootWithoutLibusb(t *testing.T) {
	t.Parallel()
	if usb.Libusb {
		t.Skip("libusb is built in")
	}
	w := openWorkshop(t, inRecovery(t))
	w.inspector.Ask, w.inspector.USB = true, &usb.Bus{Files: w.USBFiles()}
	read := w.inspector.Read(t.Context(), w.list(t))
	require.NoError(t, read[0].Err)
	assert.Equal(t, "this build has no libusb to ask iBoot with", read[0].Facts.IBoot.Reason)
	assert.Equal(t, "this build has no libusb to ask iBoot with", read[0].Facts.SEPNonce.Reason)
}
