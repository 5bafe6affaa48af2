package recording

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"error53/usbmux/plist"
)

// ErrUnmasked: something still looks like a real identifier.
var ErrUnmasked = errors.New("an identifier is not masked")

// Mask gives the recording with a stand-in for every identifier: of the same form and
// length, the same for the same identifier throughout, in whichever spelling it comes,
// also within other texts, numbers and bytes. Which identifier a stand-in belongs to is
// not to be found out: it hangs on random, such as crypto/rand.Reader, alone.
//
// Errors: ErrUnmasked where [Check] would complain of the result.
func (r Recording) Mask(random io.Reader) (Recording, error) {
	m := masker{fake: faker{random}, texts: map[string]string{}, numbers: map[uint64]uint64{}, kinds: map[kind]bool{}}
	m.collect(r, true)
	m.collect(r, false)
	m.prepare()
	masked := Recording{Header: r.Header, Flows: make([]Flow, len(r.Flows))}
	for i, flow := range r.Flows {
		masked.Flows[i] = m.flow(flow)
	}
	masked.Header.Masked = strings.Join(m.names(), ", ")
	text, err := masked.Bytes()
	if err != nil {
		return Recording{}, err
	}
	if findings := Check(text); len(findings) > 0 {
		return Recording{}, fmt.Errorf("recording: %w: %s under %s", ErrUnmasked, findings[0].Kind, findings[0].Key)
	}
	return masked, nil
}

// masker knows a stand-in for each identifier of a recording.
type masker struct {
	fake    faker
	texts   map[string]string // by identifier, in each of its spellings
	numbers map[uint64]uint64
	kinds   map[kind]bool // that were found

	inTexts *strings.Replacer
	inData  []pair
}

// pair is an identifier as it stands among bytes.
type pair struct{ from, to []byte }

// names lists what was found, for people.
func (m *masker) names() (all []string) {
	for k := range m.kinds {
		all = append(all, string(k))
	}
	slices.Sort(all)
	return all
}

// collect finds identifiers: at first those that stand under a key that names them, then
// those that only look like some.
func (m *masker) collect(r Recording, byKey bool) {
	for _, flow := range r.Flows {
		for _, x := range flow.Exchanges {
			m.find("", x.Request, byKey)
			m.find(askedFor(x.Request), x.Answer, byKey)
		}
	}
}

func (m *masker) find(key string, value any, byKey bool) {
	switch v := value.(type) {
	case plist.Dict:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			m.find(keyBelow(key, k), v[k], byKey)
		}
	case []any:
		for _, each := range v {
			m.find(key, each, byKey)
		}
	case string:
		m.findText(key, v, byKey)
	case []byte:
		m.findData(key, v)
	case uint64:
		m.findNumber(key, v)
	case int64:
		m.findNumber(key, uint64(v))
	}
}

func (m *masker) findText(key, text string, byKey bool) {
	if isOrdinary(key, text) {
		return
	}
	k := kindOf(key, text)
	if byKey == (kindOfKey(key) != none) && k != none {
		m.learn(k, text)
	}
	for _, each := range embedded(text) {
		if k == none && !byKey {
			m.learn(each.kind, each.text)
		}
	}
}

// learn makes a stand-in for a text.
func (m *masker) learn(k kind, text string) {
	_, known := m.texts[text]
	if known || text == hostID || text == systemBUID || text == sessionUUID { // which stand for every pairing
		return
	}
	m.kinds[k] = true
	switch {
	case k == ecid:
		m.learnECID(text)
	case k == udid && isECIDForm(text):
		m.learnUDID(text)
	default:
		m.texts[text] = m.unused(func() string { return m.fake.text(k, text) })
		m.spell(k, text)
	}
}

// unused gives a stand-in that no other identifier has.
func (m *masker) unused(fake func() string) string {
	made := fake()
	for range 100 {
		if !slices.Contains(slices.Collect(maps.Values(m.texts)), made) {
			break
		}
		made = fake()
	}
	return made
}

// flow masks the messages of a flow.
func (m *masker) flow(f Flow) Flow {
	masked := Flow{Speaker: f.Speaker, Exchanges: make([]Exchange, len(f.Exchanges))}
	for i, x := range f.Exchanges {
		masked.Exchanges[i] = Exchange{TLS: x.TLS, Request: m.message("", x.Request), Answer: m.message(askedFor(x.Request), x.Answer)}
	}
	return masked
}

func (m *masker) message(key string, message plist.Dict) plist.Dict {
	if message == nil {
		return nil
	}
	return m.value(key, message).(plist.Dict)
}

// askedFor is the key of a request for one value, which the answer gives under "Value".
func askedFor(request plist.Dict) string {
	key, _ := request.String("Key")
	return key
}

// keyBelow is the key by which a value goes: that which was asked for, or its own.
func keyBelow(asked, own string) string {
	if own == "Value" && asked != "" {
		return asked
	}
	return own
}

// value gives a value with its identifiers replaced.
func (m *masker) value(key string, value any) any {
	switch v := value.(type) {
	case plist.Dict:
		masked := plist.Dict{}
		for k, each := range v {
			masked[m.text("", k)] = m.value(keyBelow(key, k), each)
		}
		return masked
	case []any:
		masked := make([]any, len(v))
		for i, each := range v {
			masked[i] = m.value(key, each)
		}
		return masked
	case string:
		return m.text(key, v)
	case []byte:
		return m.data(key, v)
	case uint64:
		return m.number(v)
	case int64:
		if made := m.number(uint64(v)); made != uint64(v) {
			return made
		}
	}
	return value
}

func (m *masker) text(key, text string) string {
	if whole, ok := m.texts[text]; ok && !isOrdinary(key, text) {
		return whole
	}
	if isOrdinary(key, text) {
		return text
	}
	return m.inTexts.Replace(text)
}

func (m *masker) number(n uint64) uint64 {
	if made, ok := m.numbers[n]; ok {
		return made
	}
	return n
}
