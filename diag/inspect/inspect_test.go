package inspect_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"error53/diag"
	"error53/diag/inspect"
	"error53/lockdown"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// Every test must leave the process as it found it: readings end what they started.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Whatever waits here waits by the fake clock of a synctest bubble: a phone that hangs
// takes its five seconds, and the test takes none.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, test)
}

// attached makes a virtual phone that must be possible.
func attached(t testing.TB, p mocks.Profile) mocks.Phone {
	t.Helper()
	made, err := p.Phone()
	require.NoError(t, err)
	return made
}

// threePhones are healthy: an iPhone 6, an iPhone 11 and an iPhone 6s Plus in restore
// mode. The first goes wrong as the faults say.
func threePhones(t *testing.T, faults ...mocks.Fault) []mocks.Phone {
	t.Helper()
	return []mocks.Phone{
		attached(t, mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Name: "Anna", ECID: 0xa1, Faults: faults}),
		attached(t, mocks.Profile{ProductType: "iPhone12,1", ProductVersion: "17.0", Name: "Berta", ECID: 0xb2}),
		attached(t, mocks.Profile{ProductType: "iPhone8,2", Mode: diag.Restore, ECID: 0xc3}),
	}
}

// onBench is an inspector of a bench that ends with the test. The test fails where the
// inspector has a connection open by then.
func onBench(t *testing.T, phones ...mocks.Phone) (*mocks.Bench, *inspect.Inspector) {
	t.Helper()
	b := mocks.NewBench(phones...)
	open := new(atomic.Int32)
	t.Cleanup(func() {
		synctest.Wait()
		assert.Zero(t, open.Load(), "connections left open")
		b.Close()
	})
	dial := func(ctx context.Context) (net.Conn, error) {
		conn, err := b.Dial(ctx)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return counted{conn, sync.OnceFunc(func() { open.Add(-1) })}, nil
	}
	return b, &inspect.Inspector{Mux: &usbmux.Client{Dial: dial}}
}

// counted is a connection whose end is counted.
type counted struct {
	net.Conn
	ended func()
}

func (c counted) Close() error {
	c.ended()
	return c.Conn.Close()
}

// readAll lists and reads.
func readAll(t *testing.T, i *inspect.Inspector) []inspect.Phone {
	t.Helper()
	listed, err := i.List(t.Context())
	require.NoError(t, err)
	return i.Read(t.Context(), listed)
}

// A list says what usbmuxd knows, in its order, with one request and no word to any
// phone; what only the phone knows is not known, with the reason.
func TestList(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, i := onBench(t, threePhones(t)...)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		require.Len(t, listed, 3)
		old, recent, restoring := listed[0].Facts, listed[1].Facts, listed[2].Facts

		assert.Equal(t, diag.Known("53535353535353535353535300000000000000a1", diag.FromUSB), old.UDID)
		assert.Equal(t, diag.Known(diag.Normal, diag.FromUSB), old.Mode)
		assert.False(t, old.ECID.Known(), "this UDID does not tell it")

		assert.Equal(t, diag.Known("00008030-00000000000000B2", diag.FromUSB), recent.UDID)
		assert.Equal(t, diag.Known(uint64(0xb2), diag.FromUSB), recent.ECID, "from the UDID")
		assert.Equal(t, diag.Known(uint32(0x8030), diag.FromUSB), recent.CPID, "from the UDID")

		assert.Equal(t, diag.Known(diag.Restore, diag.FromUSB), restoring.Mode)
		assert.False(t, restoring.UDID.Known())
		assert.Contains(t, restoring.UDID.Reason, "restore mode hides it")

		for _, p := range listed {
			assert.NoError(t, p.Err)
			assert.False(t, p.Facts.ProductType.Known())
			assert.NotEmpty(t, p.Facts.ProductType.Reason)
		}
		require.Len(t, b.Requests(), 1)
		assert.Equal(t, "ListDevices", b.Requests()[0].Name)
		assert.Equal(t, 1, b.Connections())
	})
}

// A daemon that goes wrong fails the list as usbmux says.
func TestListFails(t *testing.T) {
	tests := []struct {
		kind mocks.Kind
		want error
	}{
		{mocks.Silent, usbmux.ErrTimeout},
		{mocks.Cut, usbmux.ErrGone},
		{mocks.WrongLength, usbmux.ErrProtocol},
		{mocks.Garbage, usbmux.ErrProtocol},
		{mocks.WrongTag, usbmux.ErrProtocol},
		{mocks.WrongType, usbmux.ErrProtocol},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, i := onBench(t, threePhones(t)...)
				b.Faults = []mocks.Fault{{Side: mocks.Usbmuxd, Kind: test.kind}}
				listed, err := i.List(t.Context())
				assert.ErrorIs(t, err, test.want)
				assert.Empty(t, listed)
			})
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		i := inspect.Inspector{Mux: &usbmux.Client{Dial: func(context.Context) (net.Conn, error) { return nil, errors.New("nobody") }}}
		_, err := i.List(t.Context())
		assert.ErrorIs(t, err, usbmux.ErrNoDaemon)
	})
}

// Reading gives every phone in the order of the list, each fact with its source; what
// the phone does not tell but usbmuxd does is filled in.
func TestRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		b, i := onBench(t, threePhones(t)...)
		read := readAll(t, i)
		require.Len(t, read, 3)

		anna := read[0].Facts
		assert.NoError(t, read[0].Err)
		assert.Equal(t, diag.Known(diag.Normal, diag.FromLockdown), anna.Mode)
		assert.Equal(t, diag.Known("iPhone7,2", diag.FromLockdown), anna.ProductType)
		assert.Equal(t, diag.Known("iPhone 6", diag.FromCatalog), anna.MarketingName)
		assert.Equal(t, diag.Known("N61AP", diag.FromLockdown), anna.HardwareModel)
		assert.Equal(t, diag.Known("9.1", diag.FromLockdown), anna.InstalledVersion)
		assert.Equal(t, diag.Known("13B143", diag.FromLockdown), anna.InstalledBuild)
		assert.Equal(t, diag.Known(uint64(0xa1), diag.FromLockdown), anna.ECID)
		assert.Equal(t, diag.Known("Anna", diag.FromLockdown), anna.DeviceName)
		assert.False(t, anna.SerialNumber.Known(), "without a session")

		assert.Equal(t, diag.Known("Berta", diag.FromLockdown), read[1].Facts.DeviceName)

		restoring := read[2].Facts
		assert.NoError(t, read[2].Err)
		assert.Equal(t, diag.Known(diag.Restore, diag.FromRestored), restoring.Mode)
		assert.Equal(t, diag.Known("iPhone8,2", diag.FromCatalog), restoring.ProductType)
		assert.Equal(t, diag.Known("E53M000000C3", diag.FromRestored), restoring.SerialNumber)

		assert.Equal(t, 1, b.MaxPerPhone(), "no phone is asked two things at once")
		for _, r := range b.Requests() {
			assert.False(t, r.Refused, "%+v", r)
		}
	})
}

// What a phone keeps to itself, or tells in another form, usbmuxd may know.
func TestReadFillsIn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, attached(t, mocks.Profile{ProductType: "iPhone12,1", ECID: 0xb2,
			Values: plist.Dict{"UniqueDeviceID": nil, "UniqueChipID": "twelve", "ChipID": nil}}))
		facts := readAll(t, i)[0].Facts
		assert.Equal(t, diag.Known("00008030-00000000000000B2", diag.FromUSB), facts.UDID)
		assert.Equal(t, diag.Known(uint64(0xb2), diag.FromUSB), facts.ECID)
		assert.Equal(t, diag.Known(uint32(0x8030), diag.FromUSB), facts.CPID)
	})
}

// An odd daemon lists a phone without its serial number: it is read all the same.
func TestReadNameless(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		phone := threePhones(t)[0]
		phone.UDID = ""
		_, i := onBench(t, phone)
		listed, err := i.List(t.Context())
		require.NoError(t, err)
		assert.Equal(t, diag.NotKnown[string]("usbmuxd did not give it"), listed[0].Facts.UDID)
		assert.Equal(t, "Anna", i.Read(t.Context(), listed)[0].Facts.DeviceName.Value)
	})
}

// One phone over the cable and over the network is one phone, read over the cable.
func TestReadTwins(t *testing.T) {
	phones := threePhones(t)
	anna, berta := phones[0], phones[1]
	tests := []struct {
		name  string
		bench []mocks.Phone
		names []string
		ids   []uint32
	}{
		{"cable first", []mocks.Phone{anna, berta, anna.OverNetwork()}, []string{"Anna", "Berta"}, []uint32{1, 2}},
		{"network first", []mocks.Phone{anna.OverNetwork(), berta, anna}, []string{"Anna", "Berta"}, []uint32{3, 2}},
		{"network only", []mocks.Phone{anna.OverNetwork()}, []string{"Anna"}, []uint32{1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				b, i := onBench(t, test.bench...)
				read := readAll(t, i)
				var names []string
				var ids []uint32
				for _, p := range read {
					names, ids = append(names, p.Facts.DeviceName.Value), append(ids, p.Device.ID)
				}
				assert.Equal(t, test.names, names)
				assert.Equal(t, test.ids, ids)
				assert.Equal(t, 1, b.MaxPerPhone())
			})
		})
	}
}

// Phones in restore mode all show the same serial number to usbmuxd, and are not one.
func TestReadSeveralInRestoreMode(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t,
			attached(t, mocks.Profile{ProductType: "iPhone8,2", Mode: diag.Restore, ECID: 0xc3}),
			attached(t, mocks.Profile{ProductType: "iPhone7,2", Mode: diag.Restore, ECID: 0xc4}))
		read := readAll(t, i)
		require.Len(t, read, 2)
		assert.Equal(t, "E53M000000C3", read[0].Facts.SerialNumber.Value)
		assert.Equal(t, "E53M000000C4", read[1].Facts.SerialNumber.Value)
	})
}

// What a phone withholds is its error, and what usbmuxd knows of it stays.
func TestReadWithheld(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*mocks.Phone)
		want  error
	}{
		{"nothing is for strangers", func(p *mocks.Phone) { p.Public = []string{} }, lockdown.ErrGetProhibited},
		{"there is nothing", func(p *mocks.Phone) { p.Values = nil }, lockdown.ErrMissingValue},
		{"it is an Apple TV", func(p *mocks.Phone) { p.Values["ProductType"] = "AppleTV5,3" }, inspect.ErrOtherDevice},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				phones := threePhones(t)
				test.spoil(&phones[0])
				_, i := onBench(t, phones...)
				read := readAll(t, i)
				assert.ErrorIs(t, read[0].Err, test.want)
				assert.Equal(t, diag.Known(diag.Normal, diag.FromLockdown), read[0].Facts.Mode, "QueryType told it")
				assert.True(t, read[0].Facts.UDID.Known())
				assert.NoError(t, read[1].Err)
				assert.NoError(t, read[2].Err)
			})
		})
	}
}

// A phone that answers but tells no product type has no error: there is nothing to
// repeat, and the verdict is unknown.
func TestReadWithoutProductType(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		_, i := onBench(t, attached(t, mocks.Profile{ProductType: "iPhone7,2", Values: plist.Dict{"ProductType": nil, "HardwareModel": nil, "ChipID": nil}}))
		read := readAll(t, i)
		assert.NoError(t, read[0].Err)
		assert.False(t, read[0].Facts.ProductType.Known())
		assert.Equal(t, diag.RiskUnknown, diag.Decide(read[0].Facts).Risk)
	})
}
