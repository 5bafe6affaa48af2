package mocks_test

import (
	"fmt"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// asks pairs so many times and gives the errors; "" is success.
func (c talker) asks(record plist.Dict, times int) []any {
	c.t.Helper()
	var answers []any
	for range times {
		answer := c.pair(record)
		if answer["Error"] == nil {
			assert.NotEmpty(c.t, data(c.t, answer, "EscrowBag"))
		}
		answers = append(answers, answer["Error"])
	}
	return answers
}

const (
	pending = "PairingDialogResponsePending"
	locked  = "PasswordProtected"
	denied  = "UserDeniedPairing"
)

// What the screen asks for is done after some polls, first the passcode, then the tap.
func TestPairAfterPolls(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		trust mocks.Trust
		want  []any
	}{
		{"nobody taps", mocks.Trust{}, []any{pending, pending, pending}},
		{"nobody enters the passcode", mocks.Trust{Locked: true}, []any{locked, locked, locked}},
		{"Trust is tapped", mocks.Trust{Polls: 2}, []any{pending, pending, nil, nil}},
		{"first the passcode", mocks.Trust{Locked: true, Polls: 2}, []any{locked, locked, pending, pending, nil}},
		{"Don't Trust is tapped", mocks.Trust{State: mocks.Denied, Polls: 1}, []any{pending, denied, denied}},
		{"Don't Trust is tapped at once", mocks.Trust{State: mocks.Denied}, []any{denied, denied}},
		{"supervised", mocks.Trust{State: mocks.Supervised}, []any{"MCChallengeRequired", "MCChallengeRequired"}},
		{"supervised and locked", mocks.Trust{State: mocks.Supervised, Locked: true, Polls: 1}, []any{locked, "MCChallengeRequired"}},
		{"the phone has forgotten", mocks.Trust{State: mocks.Stale, Polls: 1}, []any{pending, nil}},
		{"the phone trusts another record of the host", mocks.Trust{State: mocks.Paired, Polls: 1}, []any{pending, nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := toPhone(t, bench(t, ofAge(t, "9.1", tt.trust)), 1)
			public, _ := newRecord(t, c)
			assert.Equal(t, tt.want, c.asks(public, len(tt.want)))
		})
	}
}

// Or by a hand on the bench.
func TestTrustAndUnlock(t *testing.T) {
	t.Parallel()
	b := bench(t, ofAge(t, "9.1", mocks.Trust{Locked: true}))
	c := toPhone(t, b, 1)
	public, _ := newRecord(t, c)
	assert.Equal(t, []any{locked}, c.asks(public, 1))
	b.Unlock(1)
	assert.Equal(t, []any{pending, pending}, c.asks(public, 2))
	b.Trust(1)
	assert.Equal(t, []any{nil, nil}, c.asks(public, 2), "a host that is trusted needs no second tap")
	another := maps.Clone(public)
	another["HostID"] = "another"
	assert.Equal(t, []any{pending}, c.asks(another, 1))
	b.Trust(53)
	b.Unlock(53)
	assert.Equal(t, []any{pending}, c.asks(another, 1), "nobody has that number")
}

func TestTrustAfterDenial(t *testing.T) {
	t.Parallel()
	b := bench(t, ofAge(t, "9.1", mocks.Trust{State: mocks.Denied, Locked: true}))
	c := toPhone(t, b, 1)
	public, _ := newRecord(t, c)
	assert.Equal(t, []any{locked}, c.asks(public, 1))
	b.Trust(1)
	assert.Equal(t, []any{nil}, c.asks(public, 1))
}

// Time counts from when the screen asks.
func TestPairAfterAWhile(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{Locked: true, After: 5 * time.Second})
	synctest.Test(t, func(t *testing.T) {
		c := toPhone(t, bench(t, p), 1)
		public, _ := newRecord(t, c)
		time.Sleep(20 * time.Second)
		var seen []any
		for range 12 {
			seen = append(seen, c.pair(public)["Error"])
			time.Sleep(time.Second)
			synctest.Wait()
		}
		assert.Equal(t, []any{locked, locked, locked, locked, locked, pending, pending, pending, pending, pending, nil, nil}, seen)
	})
}

// Who unlocks by hand in the meantime does not tap Trust by that.
func TestTimeCountsForOneScreen(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{Locked: true, After: 5 * time.Second})
	synctest.Test(t, func(t *testing.T) {
		b := bench(t, p)
		c := toPhone(t, b, 1)
		public, _ := newRecord(t, c)
		c.asks(public, 1)
		time.Sleep(4 * time.Second)
		b.Unlock(1)
		assert.Equal(t, []any{pending}, c.asks(public, 1))
		time.Sleep(4 * time.Second)
		synctest.Wait()
		assert.Equal(t, []any{pending}, c.asks(public, 1))
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, []any{nil}, c.asks(public, 1))
	})
}

// A phone that enumerates anew when Trust is tapped takes the connection with it, and
// pairs with its new number.
func TestReplugOnTrust(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		trust mocks.Trust
		tap   func(b *mocks.Bench)
	}{
		{"by hand", mocks.Trust{Replug: true}, func(b *mocks.Bench) { b.Trust(1) }},
		{"after a poll", mocks.Trust{Replug: true, Polls: 1}, func(*mocks.Bench) {}},
		{"after a while", mocks.Trust{Replug: true, After: time.Second}, func(*mocks.Bench) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := ofAge(t, "9.1", tt.trust)
			synctest.Test(t, func(t *testing.T) {
				b := bench(t, p)
				listener, c := listen(t, b), toPhone(t, b, 1)
				public, _ := newRecord(t, c)
				assert.Equal(t, []any{pending}, c.asks(public, 1))
				tt.tap(b)
				assert.Empty(t, c.rest())
				gone := time.Now()
				assert.Equal(t, "Attached 1", listener.event())
				assert.Equal(t, "Detached 1", listener.event())
				assert.Equal(t, "Attached 2", listener.event())
				assert.Equal(t, 700*time.Millisecond, time.Since(gone))
				assert.Equal(t, []any{nil}, toPhone(t, b, 2).asks(public, 1))
			})
		})
	}
}

// The bench does not wait for a phone that is on its way.
func TestCloseWhileAPhoneIsAway(t *testing.T) {
	t.Parallel()
	b := mocks.NewBench(ofAge(t, "9.1", mocks.Trust{Replug: true}))
	b.Trust(1)
	assert.NoError(t, b.Close())
	b.Trust(2)
}

// The record of a pairing opens a session, once the host keeps it.
func TestPairedByHand(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{Polls: 1})
	b := bench(t, p)
	c := toPhone(t, b, 1)
	public, secret := newRecord(t, c)
	assert.Equal(t, "InvalidHostID", c.start(public)["Error"])
	assert.Equal(t, []any{pending, nil}, c.asks(public, 2))
	require.Equal(t, result(0), dial(t, b).put("SavePairRecord", p.UDID, plist.Dict{"PairRecordData": xml(t, secret)}))
	assert.Contains(t, session(t, b, p, asOld()).get(getValue("", "SerialNumber")), "Value")
	assert.NotContains(t, c.get(plist.Dict{"Request": "ValidatePair", "PairRecord": public}), "Error")
}

func TestPairRefuses(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{})
	b := bench(t, p, p.OverNetwork())
	b.Trust(1)
	public, secret := newRecord(t, toPhone(t, b, 1))
	but := func(key string, v any) plist.Dict {
		d := maps.Clone(public)
		d[key] = v
		return d
	}
	for _, tt := range []struct {
		name   string
		record any
		want   string
	}{
		{"no record", "PairRecord", "MissingPairRecord"},
		{"no host", but("HostID", 53), "MissingHostID"},
		{"no certificate", but("HostCertificate", "PEM"), "InvalidPairRecord"},
		{"no PEM", but("RootCertificate", []byte("PEM")), "InvalidPairRecord"},
		{"no certificate for the phone", but("DeviceCertificate", secret["HostPrivateKey"]), "InvalidPairRecord"},
		{"a certificate for another phone", but("DeviceCertificate", public["HostCertificate"]), "InvalidPairRecord"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answer := toPhone(t, b, 1).get(plist.Dict{"Request": "Pair", "PairRecord": tt.record})
			assert.Equal(t, plist.Dict{"Request": "Pair", "Error": tt.want}, answer)
		})
	}
	t.Run("over the network", func(t *testing.T) {
		t.Parallel()
		assert.Equal(t, "PairingProhibitedOverThisConnection", toPhone(t, b, 2).pair(public)["Error"])
	})
}

func TestSupervisedPhoneWantsAnAnswer(t *testing.T) {
	t.Parallel()
	c := toPhone(t, bench(t, ofAge(t, "9.1", mocks.Trust{State: mocks.Supervised})), 1)
	public, _ := newRecord(t, c)
	extended, ok := c.pair(public).Dict("ExtendedResponse")
	require.True(t, ok)
	assert.NotEmpty(t, data(t, extended, "PairingChallenge"))
}

func TestValidatePair(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		trust mocks.Trust
		ask   plist.Dict
		want  any
	}{
		{"known", mocks.Trust{State: mocks.Paired}, nil, nil},
		{"forgotten", mocks.Trust{State: mocks.Stale}, nil, "InvalidHostID"},
		{"locked", mocks.Trust{State: mocks.Paired, Locked: true}, nil, "PasswordProtected"},
		{"unknown", mocks.Trust{State: mocks.Paired}, plist.Dict{"PairRecord": plist.Dict{}}, "InvalidHostID"},
		{"without a record", mocks.Trust{State: mocks.Paired}, plist.Dict{}, "MissingPairRecord"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := ofAge(t, "9.1", tt.trust)
			b := bench(t, p)
			request := maps.Clone(tt.ask)
			if request == nil {
				request = plist.Dict{"PairRecord": plist.Dict{"HostID": record(t, b, p)["HostID"]}}
			}
			request["Request"] = "ValidatePair"
			assert.Equal(t, tt.want, toPhone(t, b, 1).get(request)["Error"])
		})
	}
}

func TestStartSessionOfAPhoneThatForgotOrIsLocked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		trust mocks.Trust
		want  []any
	}{
		{"forgotten", mocks.Trust{State: mocks.Stale}, []any{"InvalidHostID", "InvalidHostID"}},
		{"not unlocked since it started", mocks.Trust{State: mocks.Paired, Locked: true}, []any{locked, locked, locked}},
		{"unlocked meanwhile", mocks.Trust{State: mocks.Paired, Locked: true, Polls: 2}, []any{locked, locked, nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := ofAge(t, "9.1", tt.trust)
			b := bench(t, p)
			r := record(t, b, p)
			c := toPhone(t, b, 1)
			for _, want := range tt.want {
				assert.Equal(t, want, c.start(r)["Error"])
			}
		})
	}
}

// What a phone remembers stays with it; what the host deletes stays deleted.
func TestPhoneRemembers(t *testing.T) {
	t.Parallel()
	p := ofAge(t, "9.1", mocks.Trust{State: mocks.Paired})
	b := bench(t, p)
	old := record(t, b, p)
	require.Equal(t, result(0), dial(t, b).put("DeletePairRecord", p.UDID, nil))
	id := b.Replug(1)
	assert.NotContains(t, toPhone(t, b, uint64(id)).start(old), "Error")
	b.Restart()
	b.Detach(1)
	id = b.Attach(p)
	assert.NotContains(t, toPhone(t, b, uint64(id)).start(old), "Error")
	assert.Equal(t, result(2), dial(t, b).put("ReadPairRecord", p.UDID, nil))

	p.Trust = mocks.Trust{State: mocks.Stale} // erased meanwhile
	b.Detach(id)
	id = b.Attach(p)
	assert.Equal(t, "InvalidHostID", toPhone(t, b, uint64(id)).start(old)["Error"])
	assert.Equal(t, old["HostID"], record(t, b, p)["HostID"])
}

func TestHostsOfAPhoneAreBounded(t *testing.T) {
	t.Parallel()
	b := bench(t, ofAge(t, "9.1", mocks.Trust{}))
	c := toPhone(t, b, 1)
	public, _ := newRecord(t, c)
	for n := range 65 {
		b.Trust(1)
		public["HostID"] = fmt.Sprint(n)
		want := any(nil)
		if n == 64 {
			want = "SavePairRecordFailed"
		}
		assert.Equal(t, want, c.pair(public)["Error"])
	}
}

// Whoever gives a private key away with Pair is told on.
func TestLogOfPair(t *testing.T) {
	t.Parallel()
	b := bench(t, ofAge(t, "9.1", mocks.Trust{}))
	c := toPhone(t, b, 1)
	public, secret := newRecord(t, c)
	c.asks(public, 1)
	c.asks(secret, 1)
	all := b.Requests()
	want := mocks.Request{Connection: 1, Side: mocks.Lockdownd, DeviceID: 1, Name: "Pair", Writes: true}
	leak := want
	leak.Leaks = true
	assert.Equal(t, []mocks.Request{want, leak}, all[len(all)-2:])
}
