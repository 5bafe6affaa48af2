package diag_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// readAt is when the phones of these tests are read.
var readAt = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func daysBefore(days int) diag.Fact[time.Time] {
	return diag.Known(readAt.AddDate(0, 0, -days), diag.FromLockdown)
}

func said[T any](value T) diag.Fact[T] { return diag.Known(value, diag.FromLockdown) }

// trusting is a session that stood, in which the phone told nothing yet.
func trusting() diag.Session {
	s := diag.NoSession("not given")
	s.Trust, s.ReadAt = said(diag.Trusted), diag.Known(readAt, diag.FromClock)
	return s
}

// step gives the text of the step with the id, "" where there is none.
func step(v diag.Verdict, id string) string { return textOf(v.Next, id) }

func textOf(advice []diag.Advice, id string) string {
	at := slices.IndexFunc(advice, func(a diag.Advice) bool { return a.ID == id })
	if at < 0 {
		return ""
	}
	return advice[at].Text
}

// decideWith decides on a healthy phone with a session.
func decideWith(mode string, s diag.Session) diag.Verdict {
	f := situation{productType: "iPhone7,2", installed: rel("12.4", ""), mode: mode}.facts()
	f.Session = s
	return diag.Decide(f)
}

func TestBackUpStep(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		tell func(*diag.Session)
		want string
	}{
		{"nothing is known", func(s *diag.Session) { *s = diag.NoSession("no session") }, "Back up first."},
		{"no facts at all", func(s *diag.Session) { *s = diag.Session{} }, "Back up first."},
		{"a month ago", func(s *diag.Session) { s.LastBackup = daysBefore(34) }, "Back up first: the last backup to a computer was 34 days ago."},
		{"never told", func(*diag.Session) {}, "Back up first: the phone tells of no backup to a computer."},
		{"iCloud alone", func(s *diag.Session) { s.LastCloudBackup = daysBefore(1) },
			"Back up first: the phone tells of no backup to a computer, the last to iCloud was 1 day ago."},
		{"both", func(s *diag.Session) { s.LastBackup, s.LastCloudBackup = daysBefore(400), daysBefore(0) },
			"Back up first: the last backup to a computer was 400 days ago, the last to iCloud was less than a day ago."},
		{"encrypted", func(s *diag.Session) { s.LastBackup, s.BackupEncrypted = daysBefore(2), said(true) },
			"Back up first: the last backup to a computer was 2 days ago. Its backups to a computer are encrypted, and useless without their password."},
		{"not encrypted", func(s *diag.Session) { s.LastBackup, s.BackupEncrypted = daysBefore(2), said(false) },
			"Back up first: the last backup to a computer was 2 days ago."},
		{"nobody knows when it was read", func(s *diag.Session) { s.LastBackup, s.ReadAt = daysBefore(34), diag.NotKnown[time.Time]("a dump") },
			"Back up first: the last backup to a computer was on 2026-10-18."},
		{"a clock that is wrong", func(s *diag.Session) { s.LastBackup = daysBefore(-3) },
			"Back up first: the last backup to a computer was on 2026-11-24, in the future by this computer's clock."},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := trusting()
			row.tell(&s)
			assert.Equal(t, row.want, step(decideWith("normal", s), "back-up"))
		})
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	read := diag.Known(readAt, diag.FromClock)
	for _, row := range []struct {
		before time.Duration
		want   string
	}{
		{0, "less than a day ago"},
		{24*time.Hour - 1, "less than a day ago"},
		{24 * time.Hour, "1 day ago"},
		{48*time.Hour - 1, "1 day ago"},
		{48 * time.Hour, "2 days ago"},
		{-time.Hour, "less than a day ago"}, // clocks differ by minutes, and phones by time zones
		{-25 * time.Hour, "on 2026-11-22, in the future by this computer's clock"},
	} {
		assert.Equal(t, row.want, diag.Ago(readAt.Add(-row.before), read), "%v", row.before)
	}
	assert.Equal(t, "on 2026-11-21", diag.Ago(readAt, diag.NotKnown[time.Time]("nobody looked at a clock")))
}

// TestSessionSteps: each step where it is wanted, at its place, and not elsewhere.
func TestSessionSteps(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, id string
		tell     func(*diag.Session)
		want     string
	}{
		{"almost empty", "charge", func(s *diag.Session) { s.Battery = said(uint8(12)) }, "Charge it first: the battery is at 12%."},
		{"empty", "charge", func(s *diag.Session) { s.Battery = said(uint8(0)) }, "Charge it first: the battery is at 0%."},
		{"just below", "charge", func(s *diag.Session) { s.Battery = said(uint8(19)) }, "Charge it first: the battery is at 19%."},
		{"enough", "charge", func(s *diag.Session) { s.Battery = said(uint8(20)) }, ""},
		{"not known", "charge", func(*diag.Session) {}, ""},
		{"Find My on", "find-my", func(s *diag.Session) { s.FindMy = diag.FindMyFrom(true, diag.FromLockdown) },
			"Find My is on: have the owner's Apple Account password ready before a Restore, which erases."},
		{"Find My off, or not known", "find-my", func(s *diag.Session) { s.FindMy = diag.FindMyFrom(false, diag.FromLockdown) }, ""},
		{"trusted", "trust", func(*diag.Session) {}, ""},
		{"not trusted", "trust", func(s *diag.Session) { s.Trust = said(diag.NotTrusted) },
			"Trust would add the last backup, Find My, battery, free space, and what can be seen of the sensor: error53 check --pair."},
		{"stale", "trust", func(s *diag.Session) { s.Trust = said(diag.TrustStale) },
			"Trust would add the last backup, Find My, battery, free space, and what can be seen of the sensor: the phone no longer knows this computer, error53 pair --renew."},
		{"trust not known", "trust", func(s *diag.Session) { *s = diag.NoSession("a dump does not tell") }, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := trusting()
			row.tell(&s)
			assert.Equal(t, row.want, step(decideWith("normal", s), row.id))
			for _, mode := range []string{"restore", "recovery", "dfu"} {
				assert.Empty(t, step(decideWith(mode, s), row.id), "in %s mode", mode)
			}
		})
	}
}

// TestPreparationComesFirst: charge, back up, know the password; then the update.
func TestPreparationComesFirst(t *testing.T) {
	t.Parallel()
	s := trusting()
	s.Battery, s.FindMy, s.Trust = said(uint8(12)), said(true), said(diag.NotTrusted)
	var ids []string
	for _, each := range decideWith("normal", s).Next {
		ids = append(ids, each.ID)
	}
	assert.Equal(t, []string{"charge", "back-up", "find-my", "tell-owner", "trust"}, ids)
}

func TestOverTheAir(t *testing.T) {
	t.Parallel()
	f := situation{productType: "iPhone7,2", installed: rel("12.4", ""), way: "ota"}.facts()
	f.Session = trusting()
	f.Battery, f.FreeSpace = said(uint8(34)), said(uint64(900_000_000))
	v := diag.Decide(f)
	assert.Contains(t, step(v, "charge"), "34%, and iOS wants 50%")
	assert.Contains(t, textOf(v.Warnings, "little-space"), "Only 900 MB are free")
	f.Battery, f.FreeSpace = said(uint8(50)), said(uint64(1_300_000_000))
	v = diag.Decide(f)
	assert.Empty(t, step(v, "charge"))
	assert.Empty(t, textOf(v.Warnings, "little-space"))
	f.FreeSpace = diag.NotKnown[uint64]("not given")
	assert.Empty(t, textOf(diag.Decide(f).Warnings, "little-space"))
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for want, n := range map[string]uint64{"0 MB": 0, "999 MB": 999_999_999, "1.0 GB": 1_000_000_000, "16.0 GB": 15_989_485_568, "1000.0 GB": 1_000_000_000_000} {
		assert.Equal(t, want, diag.Bytes(n))
	}
}

func TestActivationWarning(t *testing.T) {
	t.Parallel()
	for _, state := range diag.Activations {
		s := trusting()
		s.Activation = said(state)
		warned := textOf(decideWith("normal", s).Warnings, "not-activated")
		switch state {
		case diag.Activated, diag.FactoryActivated, diag.WildcardActivated, diag.SoftActivation, diag.ActivationUnlocked:
			assert.Empty(t, warned, state)
		default:
			assert.Contains(t, warned, "("+string(state)+")")
		}
	}
	assert.Empty(t, textOf(decideWith("normal", diag.Session{}).Warnings, "not-activated"), "not known is not no")
}

// TestSensorTraceNeverJudges: whatever the trace, the verdict is the same but for a
// warning, and no text takes a serial number for a test of the sensor.
func TestSensorTraceNeverJudges(t *testing.T) {
	t.Parallel()
	want := decideWith("normal", trusting())
	for _, trace := range diag.SensorTraces {
		require.NotEmpty(t, trace.Text())
		assert.NotRegexp(t, `(?i)\bpaired\b|\bok\b`, trace.Text()+string(trace))
		s := trusting()
		s.SensorTrace = said(trace)
		got := decideWith("normal", s)
		warning := textOf(got.Warnings, "sensor-differs")
		assert.Equal(t, trace == diag.TraceDiffers, warning != "", trace)
		assert.NotRegexp(t, `(?i)\bpaired\b|\bok\b`, warning)
		got.Warnings = want.Warnings
		assert.Equal(t, want, got, trace)
	}
}

// TestSensorDiffers: who has said that a third party's sensor is fitted need not be told.
func TestSensorDiffers(t *testing.T) {
	t.Parallel()
	for _, repair := range diag.Repairs {
		f := situation{productType: "iPhone7,2", installed: rel("12.4", ""), repair: string(repair)}.facts()
		f.Session = trusting()
		f.SensorTrace = said(diag.TraceDiffers)
		assert.Equal(t, repair != diag.ThirdPartySensor, textOf(diag.Decide(f).Warnings, "sensor-differs") != "", repair)
	}
}

// TestSessionNeverDecides: none of it changes prediction, check, headline or question,
// on any model, and every text that it brings is fit to be read.
func TestSessionNeverDecides(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(53, 53))
	for _, productType := range []string{"iPhone5,1", "iPhone6,2", "iPhone7,2", "iPhone9,1", "iPhone10,3", "iPhone99,1", ""} {
		for s := range spoken(productType) {
			if random.IntN(4) > 0 {
				continue
			}
			f := s.facts()
			without := diag.Decide(f)
			f.Session = randomSession(random)
			with := diag.Decide(f)
			checkTexts(t, s, with)
			checkSteps(t, s, with)
			with.Next, with.Warnings = without.Next, without.Warnings
			require.Equal(t, without, with, "%s", s)
		}
	}
}

// randomSession knows each fact or does not.
func randomSession(r *rand.Rand) diag.Session {
	s := diag.NoSession("not given")
	maybe(r, &s.Trust, diag.Trusts[r.IntN(len(diag.Trusts))])
	maybe(r, &s.ReadAt, readAt)
	maybe(r, &s.Activation, diag.Activations[r.IntN(len(diag.Activations))])
	maybe(r, &s.LastBackup, readAt.AddDate(0, 0, 3-r.IntN(99)))
	maybe(r, &s.LastCloudBackup, readAt.AddDate(0, 0, 3-r.IntN(99)))
	for _, yesOrNo := range []*diag.Fact[bool]{&s.PasscodeLocked, &s.CloudBackup, &s.BackupEncrypted, &s.FindMy, &s.Charging} {
		maybe(r, yesOrNo, r.IntN(2) == 0)
	}
	maybe(r, &s.Capacity, r.Uint64())
	maybe(r, &s.FreeSpace, r.Uint64N(1<<32))
	maybe(r, &s.Battery, uint8(r.IntN(101)))
	maybe(r, &s.SensorTrace, diag.SensorTraces[r.IntN(len(diag.SensorTraces))])
	return s
}

func maybe[T any](r *rand.Rand, f *diag.Fact[T], value T) {
	if r.IntN(2) == 0 {
		*f = said(value)
	}
}

// TestNoSession: nothing is known, and each fact says why.
func TestNoSession(t *testing.T) {
	t.Parallel()
	assert.NotContains(t, fmt.Sprintf("%+v", diag.NoSession("because")), "Reason:}", "a fact without a reason")
}
