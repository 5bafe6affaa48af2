package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/watch"
	"error53/usbmux"
)

// bench is a desk with somebody in front of it, and a clock.
type bench struct {
	t     *testing.T
	desk  desk
	look  *lookout
	now   time.Time
	wants []any // what the desk wanted since it was asked last
}

var morning = time.Date(2016, 2, 18, 9, 0, 0, 0, time.UTC)

// deskAt is a desk of 80 × 24 with ports that have names.
func deskAt(t *testing.T, ports ...portName) *bench {
	b := &bench{t: t, desk: newDesk(ports, operator{}), now: morning}
	b.look = (&watchOptions{ports: ports}).lookout(&bus{address: "the bench"})
	b.does(sized{80, 24})
	b.tells(watch.Event{Kind: watch.Daemon})
	return b
}

// does lets an event happen a second after the one before.
func (b *bench) does(event any) *bench {
	b.now = b.now.Add(time.Second)
	var wants []any
	before, drawn := b.desk, b.desk.view()
	b.desk, wants = b.desk.update(b.now, event)
	b.wants = append(b.wants, wants...)
	require.Equal(b.t, drawn, before.view(), "a desk that was handed out changes")
	return b
}

func (b *bench) tells(e watch.Event) *bench {
	e.Time = b.now
	return b.does(b.look.see(e))
}

// types presses keys: single characters, or the names of others.
func (b *bench) types(keys ...string) *bench {
	for _, key := range keys {
		text := key
		if len([]rune(key)) > 1 {
			text = ""
		}
		b.does(keyPressed{key, text})
	}
	return b
}

// wanted is what the desk wanted since it was asked last.
func (b *bench) wanted() []any {
	wants := b.wants
	b.wants = nil
	return wants
}

// there is a phone of a table: what it is, and where.
type there struct {
	key   int
	port  string
	kind  string // ProductType; "" = not read yet
	ios   string
	mode  diag.Mode // "" = normal
	said  operator
	trust diag.Trust // "" = not trusted, of one that was read in normal mode
	err   error
}

// phone makes the snapshot that a watch gives of it.
func (b *bench) phone(p there) *watch.Phone {
	made := watch.Phone{Key: p.key, Port: p.port, Present: true, Since: b.now, Err: p.err}
	if p.mode == "" {
		p.mode = diag.Normal
	}
	made.Facts = diag.Facts{
		Mode: diag.Known(p.mode, diag.FromUSB), UDID: diag.Known(fmt.Sprintf("%040x", 0x5300+p.key), diag.FromUSB),
		ProductType: diag.NotKnown[string]("not asked"), MarketingName: diag.NotKnown[string]("not asked"),
	}
	if p.kind != "" {
		stated := predictOptions{productType: p.kind, installed: p.ios, mode: string(p.mode), operator: p.said}
		read, err := stated.facts()
		require.NoError(b.t, err)
		read.UDID = made.Facts.UDID
		if p.mode == diag.Normal {
			read.Trust = diag.Known(cmp.Or(p.trust, diag.NotTrusted), diag.FromLockdown)
		}
		verdict := diag.Decide(read)
		made.Facts, made.Verdict = read, &verdict
	}
	made.Journey = []watch.Leg{{Mode: p.mode, Since: b.now, Version: p.ios}}
	return &made
}

// comes plugs phones in and reads those that have a kind.
func (b *bench) comes(phones ...there) *bench {
	for _, p := range phones {
		unread := p
		unread.kind, unread.err = "", nil
		b.tells(watch.Event{Kind: watch.Attached, Phone: b.phone(unread)})
	}
	for _, p := range phones {
		switch {
		case p.err != nil:
			b.tells(watch.Event{Kind: watch.Failed, Phone: b.phone(p), Err: p.err})
		case p.kind != "":
			b.tells(watch.Event{Kind: watch.Decided, Phone: b.phone(p)})
		}
	}
	return b
}

// goes pulls a phone.
func (b *bench) goes(p there) *bench {
	away := b.phone(p)
	away.Present = false
	return b.tells(watch.Event{Kind: watch.Detached, Phone: away})
}

// rows are those with a phone or a name, without the blanks at their ends.
func (b *bench) rows() (rows []string) {
	for _, line := range b.desk.rowLines() {
		if line != "" {
			rows = append(rows, strings.TrimRight(line, " "))
		}
	}
	return rows
}

// chosen is the port of the chosen row.
func (b *bench) chosen() string {
	if s := b.desk.seat(); s != nil {
		return s.port
	}
	return ""
}

var (
	asking  = there{key: 1, port: "1-1", kind: "iPhone7,2", ios: "9.1"}
	settled = there{key: 2, port: "1-2", kind: "iPhone10,3", ios: "11.2"}
)

// Rows stay at their ports: those with names as the file has them, then the others by
// number, then phones whose port nobody knows.
func TestDeskOrder(t *testing.T) {
	t.Parallel()
	b := deskAt(t, portName{"3-1", "window"}, portName{"1-9", "door"})
	b.comes(there{key: 4}, there{key: 3}, there{key: 1, port: "1-10"}, there{key: 2, port: "1-2"}, there{key: 5, port: "1-9"})
	var ports []string
	for _, s := range b.desk.seats {
		ports = append(ports, fmt.Sprint(b.desk.portOf(s), " ", s.key()))
	}
	assert.Equal(t, []string{"window 0", "door 5", "1-2 2", "1-10 1", "? 3", "? 4"}, ports)
}

// A phone keeps its row while others come and go around it, and moves with its port.
func TestDeskSeats(t *testing.T) {
	t.Parallel()
	b := deskAt(t, portName{"1-2", "window"})
	b.comes(settled, asking)
	assert.Equal(t, []string{"window", "1-1"}, b.ports())

	moved := settled
	moved.port = "1-4"
	b.tells(watch.Event{Kind: watch.FactsRead, Phone: b.phone(moved)})
	assert.Equal(t, []string{"window empty", "1-1", "1-4"}, b.ports())

	b.goes(moved)
	assert.Equal(t, []string{"window empty", "1-1", "1-4 away"}, b.ports())
	b.comes(there{key: 7, port: "1-4"})
	b.goes(moved)
	assert.Equal(t, []string{"window empty", "1-1", "1-4"}, b.ports(), "who is there comes before who has gone")

	b.goes(there{key: 7, port: "1-4"})
	b.now = b.now.Add(lingering)
	b.does(ticked{})
	assert.Equal(t, []string{"window empty", "1-1"}, b.ports())
}

func (b *bench) ports() (ports []string) {
	for _, s := range b.desk.seats {
		name := b.desk.portOf(s)
		switch {
		case s.Phone == nil:
			name += " empty"
		case !s.Phone.Present:
			name += " away"
		}
		ports = append(ports, name)
	}
	return ports
}

func TestDeskFollows(t *testing.T) {
	t.Parallel()
	other := there{key: 3, port: "1-3", kind: "iPhone8,1", ios: "9.0.2"}
	tests := []struct {
		name    string
		happens func(*bench)
		want    string
	}{
		{"the first", func(b *bench) { b.comes(asking) }, "1-1"},
		{"another is read meanwhile", func(b *bench) { b.comes(there{key: 1, port: "1-1"}, other) }, "1-1"},
		{"one that waits for an answer", func(b *bench) { b.comes(asking, other) }, "1-1"},
		{"one that is settled", func(b *bench) { b.comes(settled); b.comes(other) }, "1-3"},
		{"one that has gone", func(b *bench) { b.comes(asking).goes(asking).comes(other) }, "1-3"},
		{"a choice made by hand", func(b *bench) {
			b.comes(settled, there{key: 4, port: "1-4", kind: "iPhone10,3", ios: "11.2"}).types("up", "up").comes(other)
		}, "1-2"},
		{"one made long ago", func(b *bench) { b.comes(settled).types("up"); b.now = b.now.Add(choosing); b.comes(other) }, "1-3"},
		{"somebody who types", func(b *bench) { b.comes(settled).types("/").comes(other) }, "1-2"},
		{"somebody who reads the help", func(b *bench) { b.comes(settled).types("?").comes(other) }, "1-2"},
		{"what the filter hides", func(b *bench) { b.comes(settled).types("/", "X", "enter").comes(other) }, "1-2"},
		{"a row that comes above", func(b *bench) { b.comes(asking, there{key: 9, port: "1-0"}) }, "1-1"},
		{"the next one at the port", func(b *bench) { b.comes(asking).goes(asking).comes(there{key: 9, port: "1-1"}) }, "1-1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := deskAt(t)
			test.happens(b)
			assert.Equal(t, test.want, b.chosen())
		})
	}
}

// A key that may have been meant for the row chosen before is not taken.
func TestDeskStartles(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(settled)
	b.comes(asking)
	b.wanted()
	b.desk.focus.jumped = b.now.Add(time.Second)
	b.types("t")
	assert.Empty(t, b.wanted())
	assert.Contains(t, b.desk.view(), "press the key again")
	b.types("t")
	assert.Len(t, b.wanted(), 1)
}

func TestDeskAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		keys []string
		want operator
	}{
		{[]string{"n"}, operator{repair: "none"}},
		{[]string{"a"}, operator{repair: "apple"}},
		{[]string{"t"}, operator{repair: "third-party-sensor"}},
		{[]string{"s"}, operator{repair: "third-party-screen"}},
		{[]string{"d"}, operator{repair: "damaged"}},
		{[]string{"u"}, operator{repair: "unknown", touchID: "unknown"}},
		{[]string{"f"}, operator{touchID: "yes"}},
		{[]string{"g"}, operator{touchID: "no"}},
		{[]string{"t", "g"}, operator{repair: "third-party-sensor", touchID: "no"}},
		{[]string{"enter", "t"}, operator{repair: "third-party-sensor"}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.keys, " "), func(t *testing.T) {
			t.Parallel()
			b := deskAt(t).comes(asking).types(test.keys...)
			wants := b.wanted()
			require.NotEmpty(t, wants)
			assert.Equal(t, tell{1, test.want}, wants[len(wants)-1])
			assert.Regexp(t, `\nNoted: .* · 1-1 · iPhone 6 · …5301`, b.desk.view())
		})
	}
}

// Without a phone there is nothing to say.
func TestDeskAnswersForNobody(t *testing.T) {
	t.Parallel()
	for _, b := range []*bench{deskAt(t), deskAt(t, portName{"1-1", "window"}), deskAt(t).comes(asking).types("/", "q", "q", "enter")} {
		b.types("t", "p", "c")
		assert.Empty(t, b.wanted())
		assert.Contains(t, b.desk.view(), "no phone to say that of")
	}
}

func TestDeskPlan(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  operator
	}{
		{"newest", operator{target: "newest"}},
		{" 9.2.1:13D20 ", operator{target: "9.2.1:13D20"}},
		{"ota", operator{way: "ota"}},
		{"computer-update 12.5.8", operator{way: "computer-update", target: "12.5.8"}},
		{"/srv/my firmware/a.ipsw", operator{target: "/srv/my firmware/a.ipsw"}},
		{"", operator{target: "12.5.8", way: "ota"}},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			t.Parallel()
			b := deskAt(t).comes(asking)
			b.desk.plan = operator{target: "12.5.8", way: "ota"}
			b.types("t", "p").does(pasted(test.typed)).types("enter")
			require.Len(t, b.wants, 2)
			assert.Equal(t, readPlan{1, test.want}, b.wants[1])
			b.wanted()
			b.does(planRead{1, test.want, nil})
			want := test.want
			want.repair = "third-party-sensor"
			assert.Equal(t, []any{tell{1, want}}, b.wanted())
		})
	}
}

// What cannot be meant is said, and nothing is told.
func TestDeskPlanRefused(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(asking)
	b.does(planRead{1, operator{}, &usageError{"no IPSW is installed over the air", "leave out ota"}})
	assert.Empty(t, b.wanted())
	assert.Contains(t, b.desk.view(), "Plan: no IPSW is installed over the air; leave out ota")
	b.tells(watch.Event{Kind: watch.Failed, Phone: b.phone(asking), Err: &diag.TargetError{Target: "7.0", Reason: "never had it"}})
	assert.Contains(t, b.desk.view(), "target 7.0: never had it")
}

// What is typed is edited, bounded and made harmless; Escape leaves all as it was.
func TestDeskPrompt(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(asking)
	b.types("p", "q", "?", "backspace", "é", "space").does(pasted("a\x1b[2J\u202eb\nsecond line"))
	assert.Equal(t, "qéa[2Jb", b.desk.prompt.text)
	b.does(pasted(strings.Repeat("x", 10000)))
	assert.Equal(t, "qéa[2Jb", b.desk.prompt.text, "too long")
	b.types("ctrl+u", "backspace", "esc")
	assert.Empty(t, b.wanted())
	assert.False(t, b.desk.prompt.open())

	b.types("p").does(pasted(strings.Repeat("田", 1000)))
	assert.LessOrEqual(t, displaywidth.String(b.desk.foot()), 80)
	b.types("ctrl+c")
	assert.Equal(t, []any{quit{}}, b.wanted())
}

func TestDeskFilter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  []string
	}{
		{"", []string{"1-1", "window"}},
		{"iphone x", []string{"window"}},
		{"WIN", []string{"window"}},
		{"unknown", []string{"1-1"}},
		{"5301", []string{"1-1"}},
		{"recovery", nil},
	}
	for _, test := range tests {
		t.Run(test.typed, func(t *testing.T) {
			t.Parallel()
			b := deskAt(t).comes(asking, settled)
			b.desk.ports = portNames{{"1-2", "window"}}
			b.types("/").does(pasted(test.typed)).types("enter")
			var shown []string
			for _, s := range b.desk.shown() {
				shown = append(shown, b.desk.portOf(s))
			}
			assert.Equal(t, test.want, shown)
			b.types("esc")
			assert.Len(t, b.desk.shown(), 2)
		})
	}
}

// After an update Touch ID is asked for again: what was said before is taken back.
func TestDeskAsksAgain(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(settled).types("f")
	b.wanted()
	back := b.phone(settled)
	back.Outcome = &watch.Outcome{
		End: watch.OnTarget, AskAgain: true, Predicted: diag.Prediction{Effect: diag.TouchIDOff},
		To: diag.Release{Version: diag.Version{Major: 12, Minor: 5, Patch: 8}}, Journey: back.Journey,
	}
	b.tells(watch.Event{Kind: watch.Outcame, Phone: back})
	assert.Equal(t, []any{tell{2, operator{touchID: "unknown"}}}, b.wanted())
	assert.Contains(t, b.desk.view(), "Touch ID? (f g)")
	assert.Contains(t, b.desk.view(), "Back on the planned iOS 12.5.8. Predicted: Touch ID off. Ask again")
	b.types("g")
	assert.Equal(t, []any{tell{2, operator{touchID: "no"}}}, b.wanted())
	assert.NotContains(t, b.desk.view(), "Touch ID? (f g)")
}

// The daemon's trouble is on the screen as long as it lasts.
func TestDeskDaemon(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(settled)
	height := b.desk.rowsHeight()
	b.tells(watch.Event{Kind: watch.Daemon, Err: usbmux.ErrPermission})
	assert.Contains(t, b.desk.view(), "\n! this user may not open usbmuxd's socket the bench\n  look at its owner and mode: ls -l the bench\n")
	assert.Equal(t, height-2, b.desk.rowsHeight())
	b.tells(watch.Event{Kind: watch.Daemon})
	assert.NotContains(t, b.desk.view(), "!")
	assert.Equal(t, height, b.desk.rowsHeight())
}

func TestDeskLeaves(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]any{"q": quit{}, "ctrl+c": quit{}, "ctrl+z": suspend{}} {
		for _, pane := range []string{"", "enter", "?"} {
			assert.Equal(t, []any{want}, deskAt(t).comes(asking).types(pane, key).wanted(), "%s %s", pane, key)
		}
	}
}

// The ticket has the verdict, masked, and nothing that acts.
func TestDeskTicket(t *testing.T) {
	t.Parallel()
	b := deskAt(t, portName{"1-1", "left hub, 3"})
	b.comes(asking)
	named := b.phone(asking)
	named.Facts.DeviceName = diag.Known("\x1b[2J"+strings.Repeat("x", 10000), diag.FromLockdown)
	b.tells(watch.Event{Kind: watch.Decided, Phone: named}).types("c")
	copied := string(b.wanted()[0].(copyText))
	assert.Contains(t, copied, "error53 2016-02-18 09:00, left hub, 3 · iPhone 6 “")
	assert.Contains(t, copied, "UNKNOWN     iPhone 6")
	assert.Contains(t, copied, "…5301")
	assert.NotContains(t, copied, "0005301")
	assert.NotContains(t, copied, "\x1b")
	assert.Less(t, len(copied), 2000)
	assert.Contains(t, b.desk.view(), "Copied for the ticket, if the terminal lets programs copy")
}

// An idle screen has nothing to do, and one that counts no more than it has to.
func TestDeskWaits(t *testing.T) {
	t.Parallel()
	b := deskAt(t).comes(settled)
	assert.Zero(t, b.desk.wait())
	b.comes(there{key: 4, port: "1-4"})
	assert.Equal(t, 125*time.Millisecond, b.desk.wait())
	b.comes(there{key: 4, port: "1-4", kind: "iPhone8,2", mode: diag.Restore})
	assert.Equal(t, time.Second, b.desk.wait())
	b = deskAt(t).comes(settled).goes(settled)
	assert.Equal(t, time.Second, b.desk.wait())
	b.now = b.now.Add(time.Minute)
	assert.Equal(t, 30*time.Second, b.does(ticked{}).desk.wait())
	b.now = b.now.Add(lingering)
	assert.Zero(t, b.does(ticked{}).desk.wait())
	b.comes(asking).types("t")
	assert.Equal(t, noticing, b.desk.wait())
}

// Whatever happens, in a terminal of whatever size: no line is too long, there are never
// too many, and nothing panics.
func TestDeskAtRandom(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 3))
	keys := []string{"up", "down", "pgup", "pgdown", "home", "end", "left", "right", "enter", "esc", "?", "/", "p", "c", "t", "n", "u", "f", "x", "田", "backspace", "ctrl+u"}
	kinds := []string{"", "iPhone7,2", "iPhone10,3", "iPad5,3"}
	b := deskAt(t, portName{"1-3", "window"}, portName{"1-4", strings.Repeat("田", 40)})
	for range 3000 {
		p := there{key: 1 + random.IntN(60), port: fmt.Sprintf("1-%d", random.IntN(50)), kind: kinds[random.IntN(len(kinds))], mode: diag.Modes[random.IntN(4)]}
		if p.port == "1-0" {
			p.port = ""
		}
		switch random.IntN(6) {
		case 0:
			b.comes(p)
		case 1:
			b.goes(p)
		case 2:
			b.does(sized{random.IntN(200), random.IntN(50)})
		case 3:
			b.comes(there{key: p.key, port: p.port, err: usbmux.ErrTimeout})
		default:
			b.types(keys[random.IntN(len(keys))])
		}
		assertFits(t, b.desk)
	}
}

func assertFits(t *testing.T, d desk) {
	t.Helper()
	lines := strings.Split(d.view(), "\n")
	require.LessOrEqual(t, len(lines), max(d.height, 1))
	for _, line := range lines {
		require.LessOrEqual(t, displaywidth.String(line), max(d.width, 1), "%d × %d: %q", d.width, d.height, line)
	}
}
