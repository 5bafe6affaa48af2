package inspect_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/usb"
)

// The strongest that both are known by decides, for and against.
func TestSame(t *testing.T) {
	t.Parallel()
	type id = inspect.Identity
	tests := []struct {
		name string
		a, b id
		want inspect.Evidence
	}{
		{"ECID", id{ECID: 5, Port: "1-1"}, id{ECID: 5, Port: "1-2"}, inspect.ByECID},
		{"another ECID at the same port", id{ECID: 5, Port: "1-1"}, id{ECID: 6, Port: "1-1"}, inspect.NoEvidence},
		{"another ECID under the same serial number", id{ECID: 5, SerialNumber: "S"}, id{ECID: 6, SerialNumber: "S"}, inspect.NoEvidence},
		{"UDID, where one ECID is not known", id{ECID: 5, UDID: "u"}, id{UDID: "u"}, inspect.ByUDID},
		{"another UDID at the same port", id{UDID: "u", Port: "1-1"}, id{UDID: "v", Port: "1-1"}, inspect.NoEvidence},
		{"serial number: UDID here, ECID there", id{UDID: "u", SerialNumber: "S"}, id{ECID: 5, SerialNumber: "S"}, inspect.BySerialNumber},
		{"another serial number at the same port", id{SerialNumber: "S", Port: "1-1"}, id{SerialNumber: "T", Port: "1-1"}, inspect.NoEvidence},
		{"port: UDID here, ECID there", id{UDID: "u", Port: "1-1"}, id{ECID: 5, Port: "1-1"}, inspect.ByPort},
		{"the same port and type", id{ProductType: "iPhone7,2", Port: "1-1"}, id{ProductType: "iPhone7,2", Port: "1-1"}, inspect.ByPort},
		{"another type at the same port", id{ProductType: "iPhone7,2", Port: "1-1"}, id{ProductType: "iPhone8,1", Port: "1-1"}, inspect.NoEvidence},
		{"a type is no evidence", id{ProductType: "iPhone7,2"}, id{ProductType: "iPhone7,2"}, inspect.NoEvidence},
		{"nothing to compare", id{UDID: "u"}, id{ECID: 5}, inspect.NoEvidence},
		{"nothing known", id{}, id{}, inspect.NoEvidence},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.a.Same(tt.b))
			assert.Equal(t, tt.want, tt.b.Same(tt.a))
		})
	}
}

// Of several the one with the strongest evidence.
func TestFind(t *testing.T) {
	t.Parallel()
	among := []inspect.Identity{{SerialNumber: "S", Port: "1-1"}, {UDID: "u", Port: "1-2"}, {ECID: 5, Port: "1-3"}, {ECID: 5, Port: "1-4"}}
	at, by := inspect.Identity{ECID: 5, SerialNumber: "S", Port: "1-2"}.Find(among)
	assert.Equal(t, 2, at)
	assert.Equal(t, inspect.ByECID, by)
	at, by = inspect.Identity{ECID: 6, Port: "1-2"}.Find(among)
	assert.Equal(t, 1, at)
	assert.Equal(t, inspect.ByPort, by)
	at, by = inspect.Identity{ECID: 6}.Find(among)
	assert.Equal(t, -1, at)
	assert.Equal(t, inspect.NoEvidence, by)
}

// A later look adds what it tells, and takes nothing away.
func TestWith(t *testing.T) {
	t.Parallel()
	known := inspect.Identity{ECID: 5, UDID: "u", ProductType: "iPhone7,2", Port: "1-1"}
	assert.Equal(t, inspect.Identity{ECID: 5, UDID: "u", SerialNumber: "S", ProductType: "iPhone7,2", Port: "1-2"},
		known.With(inspect.Identity{SerialNumber: "S", Port: "1-2"}))
}

// workshop is a bench with its bus, and what looks at both.
type workshop struct {
	*mocks.Bench
	inspector *inspect.Inspector
}

func openWorkshop(t *testing.T, phones ...mocks.Phone) workshop {
	t.Helper()
	b := mocks.NewBench(phones...)
	t.Cleanup(func() { b.Close() })
	bus := &usb.Bus{Files: b.USBFiles(), Open: b.OpenUSB}
	return workshop{b, &inspect.Inspector{Mux: &usbmux.Client{Dial: b.Dial}, USB: bus}}
}

func (w workshop) list(t *testing.T) []inspect.Phone {
	t.Helper()
	listed, err := w.inspector.List(t.Context())
	require.NoError(t, err)
	return listed
}

// shown is the modes and ports of a list: "normal 1-1", with ! where usbmuxd does not
// list what it should.
func shown(listed []inspect.Phone) string {
	var all []string
	for _, p := range listed {
		text := string(p.Facts.Mode.Value) + " " + p.Port
		if p.Err != nil {
			text += "!"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// generations are the two kinds of phone: one whose UDID tells its ECID, and one whose
// UDID tells nothing.
var generations = []mocks.Profile{
	{ProductType: "iPhone12,1", ECID: 0x5353000000a2},
	{ProductType: "iPhone7,2", ProductVersion: "12.5.8", ECID: 0x5353000000a1},
}

// One phone walks through its modes: one row at each step, and one identity throughout,
// whether it was only listed or read as well.
func TestOneIdentityThroughAllModes(t *testing.T) {
	t.Parallel()
	walk := []diag.Mode{diag.Normal, diag.Recovery, diag.DFU, diag.Recovery, diag.Restore, diag.Normal}
	for _, generation := range generations {
		for _, read := range []bool{false, true} {
			w := openWorkshop(t, attached(t, generation), attached(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 0x53}))
			var self inspect.Identity
			for step, mode := range walk {
				w.SetMode("1-1", mode)
				phones := w.list(t)
				require.Len(t, phones, 2)
				if read {
					phones = w.inspector.Read(t.Context(), phones)
				}
				ids := []inspect.Identity{phones[0].Identity(), phones[1].Identity()}
				if step == 0 {
					self = inspect.Identity{Port: "1-1"}
				}
				at, by := self.Find(ids)
				require.GreaterOrEqual(t, at, 0, "%s, step %d", generation.ProductType, step)
				assert.Equal(t, mode, phones[at].Facts.Mode.Value)
				assert.Equal(t, "1-1", phones[at].Port)
				if step > 0 && (read || generation.ProductType == "iPhone12,1") && mode != diag.Restore {
					assert.Equal(t, inspect.ByECID, by, "%s, step %d", generation.ProductType, step)
				}
				self = self.With(ids[at])
				assert.Equal(t, inspect.NoEvidence, self.Same(ids[1-at]))
			}
			assert.Equal(t, generation.ECID, self.ECID)
			assert.Len(t, self.UDID, map[string]int{"iPhone12,1": 24, "iPhone7,2": 40}[generation.ProductType])
			assert.Regexp(t, "^E53M", self.SerialNumber)
		}
	}
}

// While usbmuxd is behind the bus, the phone is there once all the same.
func TestOneRowWhileItStartsAnew(t *testing.T) {
	t.Parallel()
	for _, generation := range generations {
		synctest.Test(t, func(t *testing.T) {
			w := openWorkshop(t, attached(t, generation))
			w.Lag = 150 * time.Millisecond
			w.SetMode("1-1", diag.Recovery)
			assert.Equal(t, "recovery 1-1", shown(w.list(t)), generation.ProductType)
			time.Sleep(time.Second)
			w.SetMode("1-1", diag.DFU)
			assert.Equal(t, "dfu 1-1", shown(w.list(t)), generation.ProductType)
			w.SetMode("1-1", diag.Normal)
			assert.Equal(t, "normal 1-1!", shown(w.list(t)), "on the bus, and not yet in usbmuxd's list")
			time.Sleep(time.Second)
			assert.Equal(t, "normal 1-1", shown(w.list(t)), generation.ProductType)
			w.SetMode("1-1", diag.Restore)
			assert.Equal(t, "restore 1-1", shown(w.list(t)), "as soon as usbmuxd has it")
			w.SetMode("1-1", diag.Normal)
			assert.Equal(t, "normal 1-1", shown(w.list(t)), generation.ProductType)
		})
	}
}

// A daemon that goes on listing a phone that is not on the buses here may be that of
// another computer: its phones are not hidden, and the look ends.
func TestForeignDaemon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorkshop(t, attached(t, generations[1]))
		here := mocks.NewBench(attached(t, mocks.Profile{ProductType: "iPhone8,1", ECID: 0x53, Mode: diag.DFU}))
		t.Cleanup(func() { here.Close() })
		w.inspector.USB = &usb.Bus{Files: here.USBFiles()}
		start := time.Now()
		here.SetMode("1-1", diag.Recovery) // its address is not the first any more
		assert.Equal(t, "normal , recovery 1-1", shown(w.list(t)))
		assert.Equal(t, 300*time.Millisecond, time.Since(start))
	})
}

// Linux tells of usbmuxd's phones where they are, whatever they show of themselves.
func TestPorts(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, attached(t, generations[0]), attached(t, generations[1]), attached(t, generations[1]).OverNetwork())
	w.SetMode("1-2", diag.Restore)
	assert.Equal(t, "normal 1-1, normal , restore 1-2", shown(w.list(t)), "over the network there is no port")
}

// Where neither side tells which of usbmuxd's phones is which on the bus, as on Windows,
// each of them is one of those on the bus; what is left over usbmuxd does not list.
func TestPhonesThatNothingJoins(t *testing.T) {
	t.Parallel()
	w := openWorkshop(t, attached(t, generations[0]), attached(t, generations[1]), attached(t, generations[1]).OverNetwork())
	w.Flavour = mocks.Windows
	w.inspector.USB = kernelTree(t,
		onBus{port: "1-1", product: "12a8", address: "7"}, onBus{port: "1-2", product: "12a8", address: "8"}, onBus{port: "1-3", product: "12a8", address: "9"})
	assert.Equal(t, "normal , normal , normal 1-3!", shown(w.list(t)))
}
