package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"error53/diag/inspect"
	"error53/diag/watch"
	"error53/lockdown"
)

// framesPerSecond is how often the terminal is looked after. It is all that an idle
// screen does.
const framesPerSecond = 20

// fill shows what happens on the whole terminal, until a key, a signal or ctx ends it.
// The terminal is left as it was found, also by a panic here or in the watch.
func (o *watchOptions) fill(ctx context.Context, look *lookout) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &display{options: o, look: look, ctx: ctx, desk: newDesk(o.ports, look.plan)}
	t.desk.simulated, t.desk.unseen, t.desk.color = o.dryRun, look.bus.unseen, o.color(o.noColor)
	t.watcher = watch.New(&look.bus.inspector, look.words(look.plan))
	t.program = tea.NewProgram(t, tea.WithInput(o.in), tea.WithOutput(o.out),
		tea.WithFPS(framesPerSecond), tea.WithoutSignalHandler())
	t.alarm = time.AfterFunc(time.Hour, func() { t.program.Send(ticked{}) })
	defer t.alarm.Stop()
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	watching.Go(t.watch)
	watching.Go(func() {
		<-ctx.Done()
		t.program.Quit()
	})
	_, err := t.program.Run()
	if errors.Is(err, os.ErrClosed) {
		err = nil
	}
	return err
}

// display puts the desk onto a terminal: it turns what comes into the desk's events, and
// does what the desk wants.
type display struct {
	options *watchOptions
	look    *lookout
	ctx     context.Context
	desk    desk
	watcher *watch.Watcher
	program *tea.Program
	alarm   *time.Timer
	inbox   inbox
}

// watch hands over what happens. The watch never waits for the screen, and the screen
// never for the watch.
func (t *display) watch() {
	defer func() {
		if fault := recover(); fault != nil {
			t.program.Kill() // restores the terminal
			panic(fault)
		}
	}()
	for event := range t.watcher.Watch(t.ctx) {
		if t.inbox.add(event) {
			go t.program.Send(arrived{})
		}
	}
}

// arrived says that there is something in the inbox.
type arrived struct{}

// inbox holds the events that the screen has not seen yet.
type inbox struct {
	mu     sync.Mutex
	events []watch.Event
}

// add puts an event in, and tells whether it is the first.
func (i *inbox) add(e watch.Event) (first bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.events = append(i.events, e)
	return len(i.events) == 1
}

func (i *inbox) take() []watch.Event {
	i.mu.Lock()
	defer i.mu.Unlock()
	events := i.events
	i.events = nil
	return events
}

// Init has nothing to do: the watch begins by itself.
func (t *display) Init() tea.Cmd { return nil }

// Update takes what has come to the desk.
func (t *display) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	var commands []tea.Cmd
	for _, event := range t.events(message) {
		next, effects := t.desk.update(time.Now(), event)
		t.desk = next
		for _, effect := range effects {
			commands = append(commands, t.do(effect))
		}
	}
	if wait := t.desk.wait(); wait > 0 {
		t.alarm.Reset(wait)
	}
	return t, tea.Batch(commands...)
}

// events are what a message means to the desk.
func (t *display) events(message tea.Msg) (events []any) {
	switch m := message.(type) {
	case arrived:
		for _, e := range t.inbox.take() {
			events = append(events, t.look.see(e))
		}
	case tea.KeyPressMsg:
		events = append(events, keyPressed{m.String(), m.Text})
	case tea.PasteMsg:
		events = append(events, pasted(m.Content))
	case tea.WindowSizeMsg:
		events = append(events, sized{m.Width, m.Height})
	case ticked, planRead, progressed, pairEnded, tea.ResumeMsg:
		events = append(events, m)
	}
	return events
}

// do does what the desk wants. What takes time is done beside it.
func (t *display) do(effect any) tea.Cmd {
	switch e := effect.(type) {
	case tell:
		t.watcher.Tell(t.ctx, e.key, t.look.words(e.said))
	case readPlan:
		return func() tea.Msg {
			err := e.said.validate()
			if err == nil {
				err = e.said.readTarget(t.ctx)
			}
			return planRead{e.key, e.said, err}
		}
	case pair:
		t.watcher.Do(t.ctx, e.key, func(ctx context.Context, p inspect.Phone) { t.pair(ctx, e, p) })
	case copyText:
		return tea.SetClipboard(string(e))
	case suspend:
		return tea.Suspend
	case quit:
		return tea.Quit
	}
	return nil
}

// pair makes a phone trust this computer, and tells how it goes.
func (t *display) pair(ctx context.Context, want pair, p inspect.Phone) {
	inspector := &t.look.bus.inspector
	pairing := pairer{inspector: inspector, renew: want.renew, wait: lockdown.DefaultTrustLimit}
	done := pairing.establish(ctx, inspector.Read(ctx, []inspect.Phone{p})[0], func(progress lockdown.Progress) {
		t.program.Send(progressed{want.key, progress})
	})
	err := cmp.Or(done.err, done.Err)
	if err == nil && done.state == "" {
		err = &usageError{"it cannot be paired with in its mode", "plug it in again once it has started"}
	}
	t.program.Send(pairEnded{want.key, err})
}

// View draws the desk.
func (t *display) View() tea.View {
	v := tea.NewView(t.desk.view())
	v.AltScreen = true
	v.WindowTitle = "error53 watch"
	return v
}
