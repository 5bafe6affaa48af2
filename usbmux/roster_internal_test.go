package usbmux

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

func comes(id uint32, serial, connection string) Event {
	return Event{Kind: Attached, Device: Device{ID: id, SerialNumber: serial, ConnectionType: connection}}
}

func leaves(id uint32) Event { return Event{Kind: Detached, Device: Device{ID: id}} }

func pairs(id uint32) Event { return Event{Kind: Paired, Device: Device{ID: id}} }

// What the daemon says, one thing after another, and what it means.
func TestRoster(t *testing.T) {
	t.Parallel()
	restoring := strings.Repeat("f", 40)
	for _, tt := range []struct {
		name string
		said []Event
		want []string
	}{
		{"one phone", []Event{comes(1, udid40, USB), pairs(1), leaves(1)}, []string{"Attached 1", "Paired 1", "Detached 1"}},
		{"said twice", []Event{comes(1, udid40, USB), comes(1, udid40, USB), leaves(1), leaves(1), pairs(1)}, []string{"Attached 1", "Detached 1"}},
		{"of nobody", []Event{leaves(1), pairs(2)}, nil},
		{"detached before attached: what came last is believed", []Event{leaves(1), comes(1, udid40, USB)}, []string{"Attached 1"}},
		{
			"enumerates anew, old number first",
			[]Event{comes(1, udid40, USB), leaves(1), comes(2, udid40, USB), leaves(2)},
			[]string{"Attached 1", "Detached 1", "Attached 2", "Detached 2"},
		},
		{
			"enumerates anew, new number first",
			[]Event{comes(1, udid40, USB), comes(2, udid40, USB), leaves(1), leaves(2)},
			[]string{"Attached 1", "Changed 2", "Detached 2"},
		},
		{
			"a number that passes to another phone without a word",
			[]Event{comes(1, udid40, USB), comes(1, udid24, USB), leaves(1)},
			[]string{"Attached 1", "Detached 1", "Attached 1", "Detached 1"},
		},
		{
			"a number that passes from one twin to another phone",
			[]Event{comes(1, udid40, USB), comes(2, udid40, Network), comes(1, udid24, USB)},
			[]string{"Attached 1", "Changed 2", "Attached 1"},
		},
		{
			"a number that is announced anew, elsewhere",
			[]Event{comes(1, udid40, Network), comes(1, udid40, USB), comes(2, udid40, Network), leaves(1)},
			[]string{"Attached 1", "Changed 1", "Changed 2"},
		},
		{
			"network, then cable, then neither",
			[]Event{comes(1, udid24, Network), comes(2, strings.ToLower(udid24), USB), pairs(1), leaves(1), leaves(2)},
			[]string{"Attached 1", "Changed 2", "Paired 2", "Detached 2"},
		},
		{
			"cable, then network, then neither",
			[]Event{comes(1, udid24, USB), comes(2, udid24, Network), leaves(1), leaves(2)},
			[]string{"Attached 1", "Changed 2", "Detached 2"},
		},
		{
			"an unsaid connection counts as a cable",
			[]Event{comes(1, udid24, Network), comes(2, udid24, "")},
			[]string{"Attached 1", "Changed 2"},
		},
		{
			"restore mode: one serial number, many phones",
			[]Event{comes(1, restoring, USB), comes(2, restoring, USB), leaves(1)},
			[]string{"Attached 1", "Attached 2", "Detached 1"},
		},
		{
			"no serial number: phones by number",
			[]Event{comes(1, "", USB), comes(2, "", Network), leaves(2)},
			[]string{"Attached 1", "Attached 2", "Detached 2"},
		},
		{
			"a phone that calls itself like another one's number",
			[]Event{comes(1, "", USB), comes(2, "1", USB)},
			[]string{"Attached 1", "Attached 2"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRoster()
			var got []string
			for _, said := range tt.said {
				events, err := r.apply(said)
				require.NoError(t, err)
				for _, e := range events {
					require.NoError(t, e.Err)
					got = append(got, fmt.Sprintf("%s %d", e.Kind, e.Device.ID))
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestRosterClears(t *testing.T) {
	t.Parallel()
	r := newRoster()
	for _, e := range []Event{comes(3, udid40, Network), comes(9, "", USB), comes(7, udid40, USB), comes(2, udid24, USB)} {
		_, err := r.apply(e)
		require.NoError(t, err)
	}
	var ids []uint32
	for _, d := range r.clear() {
		ids = append(ids, d.ID)
	}
	assert.Equal(t, []uint32{2, 7, 9}, ids, "one phone once")
	assert.Empty(t, r.clear())
	events, err := r.apply(leaves(3))
	require.NoError(t, err)
	assert.Empty(t, events, "the numbers of a dead daemon mean nothing")
}

// A daemon cannot make us remember without end.
func TestRosterIsBounded(t *testing.T) {
	t.Parallel()
	r := newRoster()
	for id := range uint32(maxAttachments) {
		_, err := r.apply(comes(id+1, "", USB))
		require.NoError(t, err)
	}
	_, err := r.apply(comes(maxAttachments+1, "", USB))
	require.ErrorIs(t, err, ErrProtocol)
	_, err = r.apply(comes(1, "", Network))
	require.NoError(t, err, "who is there already may change")
	_, err = r.apply(leaves(2))
	require.NoError(t, err)
	_, err = r.apply(comes(maxAttachments+1, "", USB))
	require.NoError(t, err, "there is room again")
}

// ledger is the plainest account of who is there: the attachments in order of arrival,
// merged as a list of devices is. The roster must agree with it at every step.
type ledger struct{ list []Device }

func (l *ledger) apply(e Event) {
	i := indexOf(l.list, e.Device.ID)
	switch {
	case e.Kind == Detached && i >= 0:
		l.list = slices.Delete(l.list, i, i+1)
	case e.Kind == Attached && i >= 0 && l.list[i].phone() == e.Device.phone():
		l.list[i] = e.Device
	case e.Kind == Attached && i >= 0:
		l.list = append(slices.Delete(l.list, i, i+1), e.Device)
	case e.Kind == Attached:
		l.list = append(l.list, e.Device)
	}
}

// FuzzRoster makes a story of each three bytes: what happens, to which number, which
// phone.
func FuzzRoster(f *testing.F) {
	f.Add([]byte{0, 1, 1, 3, 1, 0, 0, 2, 5, 1, 1, 0, 2, 2, 0})
	f.Add([]byte{0, 1, 1, 0, 2, 17, 1, 1, 0, 1, 2, 0})
	f.Add([]byte{0, 1, 7, 0, 1, 6, 0, 1, 0, 2, 1, 0})
	f.Fuzz(func(t *testing.T, story []byte) {
		serials := []string{"", strings.Repeat("f", 40), udid40, udid24, strings.ToLower(udid24), "1"}
		r, l := newRoster(), ledger{}
		view := map[phoneID]Device{}
		for ; len(story) >= 3; story = story[3:] {
			what, id, phone := story[0]%3, uint32(story[1]%8)+1, story[2]
			said := []Event{comes(id, serials[int(phone)%len(serials)], []string{USB, Network, ""}[phone/16%3]), leaves(id), pairs(id)}[what]
			events, err := r.apply(said)
			require.NoError(t, err)
			for _, e := range events {
				watch(t, view, e)
			}
			l.apply(said)
			require.ElementsMatch(t, merge(l.list), viewed(view))
		}
		gone := r.clear()
		require.ElementsMatch(t, gone, viewed(view))
	})
}

// watch follows events as a caller of Listen does, and insists on their order.
func watch(t *testing.T, view map[phoneID]Device, e Event) {
	before, there := view[e.Device.phone()]
	require.Equal(t, e.Kind != Attached, there, "%v", e)
	switch e.Kind {
	case Attached:
		view[e.Device.phone()] = e.Device
	case Changed:
		require.NotEqual(t, before, e.Device)
		view[e.Device.phone()] = e.Device
	case Detached:
		require.Equal(t, before, e.Device)
		delete(view, e.Device.phone())
	case Paired:
		require.Equal(t, before, e.Device)
	default:
		require.Fail(t, "no such kind", "%v", e)
	}
}

func viewed(view map[phoneID]Device) []Device {
	list := []Device{}
	for _, d := range view {
		list = append(list, d)
	}
	return list
}

// FuzzEvent reads whatever comes as an event.
func FuzzEvent(f *testing.F) {
	for _, v := range []any{
		plist.Dict{"MessageType": "Attached", "DeviceID": 1, "Properties": plist.Dict{"SerialNumber": udid40, "ConnectionType": USB}},
		plist.Dict{"MessageType": "Attached", "Properties": plist.Dict{"DeviceID": 2, "UDID": udid24, "ConnectionType": Network, "LocationID": -1}},
		plist.Dict{"MessageType": "Detached", "DeviceID": 1},
		plist.Dict{"MessageType": "Paired", "DeviceID": uint64(1) << 32},
		plist.Dict{"MessageType": "Result", "Number": 1},
		plist.Dict{"MessageType": []any{}, "DeviceID": "1"},
		[]any{},
	} {
		for _, encode := range []func(any) ([]byte, error){plist.EncodeXML, plist.EncodeBinary} {
			data, err := encode(v)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		message, err := plist.DecodeDict(data)
		if err != nil {
			return
		}
		e, err := newEvent(message)
		if err != nil {
			require.ErrorIs(t, err, ErrProtocol)
			require.Zero(t, e)
			return
		}
		if e.Kind == "" {
			require.Zero(t, e)
			return
		}
		require.Contains(t, []EventKind{Attached, Detached, Paired}, e.Kind)
		require.NotZero(t, e.Device.ID)
		require.LessOrEqual(t, len(e.Device.SerialNumber), maxText)
		r := newRoster()
		events, err := r.apply(e)
		require.NoError(t, err)
		require.Equal(t, e.Kind == Attached, len(events) == 1)
	})
}

// An id has 32 bits and is not 0; what is no id means nobody.
func TestEventIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[uint64]uint32{1: 1, 1<<32 - 1: 1<<32 - 1, 0: 0, 1 << 32: 0} {
		e, err := newEvent(plist.Dict{"MessageType": "Detached", "DeviceID": id})
		require.NoError(t, err)
		assert.Equal(t, want, e.Device.ID)
	}
}
