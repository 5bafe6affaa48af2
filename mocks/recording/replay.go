package recording

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"error53/diag"
	"error53/diag/inspect"
	"error53/mocks"
	"error53/usbmux"
	"error53/usbmux/plist"
)

// ErrDeviates: a replay asked what is not recorded, or did not ask what is.
var ErrDeviates = errors.New("the replay deviates from the recording")

// patience bounds a replay. It is long because a virtual phone first makes its keys, which
// takes seconds on a busy machine.
const patience = time.Minute

// Replay lets the code that reads phones read the virtual phone of the recording, at the
// time at which it was taken, and compares every request with the recorded ones.
//
// Errors: ErrDeviates, ErrNotVirtual. That the phone could not be read, as when it was
// recorded, is no error, but stands in the phone.
func (r Recording) Replay(ctx context.Context) (inspect.Phone, error) {
	virtual, err := r.Phone()
	if err != nil {
		return inspect.Phone{}, err
	}
	bench := mocks.NewBench(virtual)
	defer bench.Close()
	if virtual.Trust.State == mocks.Paired {
		warmUp(ctx, bench, virtual.UDID)
	}
	var heard Recorder
	inspector := r.inspector(&usbmux.Client{Dial: bench.Dial, Tap: heard.Tap, Timeout: patience})
	inspector.USB, inspector.Ask = r.onBus(bench), r.wasAsked()
	phone, err := readOne(ctx, &inspector)
	if err != nil {
		return phone, err
	}
	if inspector.USB == nil { // else nothing was asked but on the bus
		err = r.compareRequests(&heard, phone.Device)
	}
	if err == nil {
		err = r.Header.compare(phone)
	}
	return phone, err
}

// warmUp lets the phone make the keys of its pairing, which takes seconds at times.
func warmUp(ctx context.Context, bench *mocks.Bench, udid string) {
	host := usbmux.Client{Dial: bench.Dial, Timeout: patience}
	host.ReadPairRecord(ctx, udid)
}

// inspector reads the phone as the recorded one was read.
func (r Recording) inspector(mux *usbmux.Client) inspect.Inspector {
	i := inspect.Inspector{Mux: mux, Timeout: patience, Named: func(diag.Facts) bool { return r.wasNamed() }}
	if taken, err := time.Parse(time.RFC3339, r.Header.Taken); err == nil {
		i.Now = func() time.Time { return taken }
	}
	return i
}

// wasNamed tells whether a phone in restore mode was asked for more than its type.
func (r Recording) wasNamed() bool {
	flow, _ := r.flow(Restored)
	return slices.ContainsFunc(flow.Exchanges, func(x Exchange) bool { return x.Name() == "QueryValue" })
}

// readOne reads the only phone there is.
func readOne(ctx context.Context, inspector *inspect.Inspector) (inspect.Phone, error) {
	listed, err := inspector.List(ctx)
	if err != nil {
		return inspect.Phone{}, fmt.Errorf("recording: list: %w", err)
	}
	if len(listed) != 1 {
		return inspect.Phone{}, fmt.Errorf("recording: %w: it shows %d phones", ErrNotVirtual, len(listed))
	}
	return inspector.Read(ctx, listed)[0], nil
}

// compareRequests wants the same requests, in the same order.
func (r Recording) compareRequests(heard *Recorder, device usbmux.Device) error {
	flows, err := heard.Flows(device)
	if err != nil {
		return err
	}
	want, got := requestsOf(r.Flows), requestsOf(flows)
	unasked, unrecorded := without(want, got), without(got, want)
	var parts []string
	if len(unrecorded) > 0 {
		parts = append(parts, "asked and not recorded: "+titles(unrecorded))
	}
	if len(unasked) > 0 {
		parts = append(parts, "recorded and not asked: "+titles(unasked))
	}
	for i := range want {
		if len(parts) == 0 && want[i] != got[i] {
			parts = append(parts, "asked in another order from the "+want[i].title+" on")
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return fmt.Errorf("recording: %w: %s", ErrDeviates, strings.Join(parts, "; "))
}

// asked is a request as it is compared.
type asked struct {
	title string // for people: "lockdownd: GetValue com.apple.disk_usage"
	body  string
}

func requestsOf(flows []Flow) []asked {
	var all []asked
	for _, flow := range flows {
		for _, x := range flow.Exchanges {
			body, _ := plist.EncodeXML(x.Request)
			all = append(all, asked{flow.Speaker + ": " + title(x.Request), fmt.Sprint(x.TLS, string(body))})
		}
	}
	return all
}

// title names a request by what it asks for.
func title(request plist.Dict) string {
	words := []string{requestName(request)}
	for _, field := range []string{"Domain", "Key", "QueryKey", "Service", "EntryName", "EntryClass"} {
		if word, ok := request.String(field); ok {
			words = append(words, word)
		}
	}
	keys, _ := request.List("MobileGestaltKeys")
	for _, key := range keys {
		words = append(words, fmt.Sprint(key))
	}
	return oneLine(strings.Join(words, " "))
}

// without gives the requests that the others do not have, each as often as it is there
// too often.
func without(all, others []asked) (left []asked) {
	others = slices.Clone(others)
	for _, each := range all {
		if at := slices.Index(others, each); at >= 0 {
			others = slices.Delete(others, at, at+1)
		} else {
			left = append(left, each)
		}
	}
	return left
}

func titles(of []asked) string {
	all := make([]string, len(of))
	for i, each := range of {
		all[i] = each.title
	}
	return strings.Join(all, ", ")
}
