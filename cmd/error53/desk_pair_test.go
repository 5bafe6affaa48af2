package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"error53/diag"
	"error53/diag/watch"
	"error53/lockdown"
)

// stands puts a phone on the desk that was read, and stands to this computer in some way.
func (b *bench) stands(p there, trust diag.Trust) *bench {
	b.comes(p)
	read := b.phone(p)
	read.Facts.Trust = diag.Known(trust, diag.FromLockdown)
	return b.tells(watch.Event{Kind: watch.Decided, Phone: read})
}

func TestDeskPairs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		trust diag.Trust
		phone there
		keys  []string
		want  []any
		says  string
	}{
		{"yes", diag.NotTrusted, settled, []string{"P", "y"}, []any{pair{2, false}}, ""},
		{"no", diag.NotTrusted, settled, []string{"P", "n"}, nil, ""},
		{"Enter is no yes", diag.NotTrusted, settled, []string{"P", "enter"}, nil, ""},
		{"the question", diag.NotTrusted, settled, []string{"P"}, nil, "Show the Trust dialog? [y] yes, any other key: no · 1-2 · iPhone X"},
		{"in place of another", diag.TrustStale, settled, []string{"P", "y"}, []any{pair{2, true}}, ""},
		{"which is told", diag.TrustUnusable, settled, []string{"P"}, nil, "in place of the pairing that is of no use"},
		{"one that trusts", diag.Trusted, settled, []string{"P", "y"}, nil, "It trusts this computer already."},
		{"one in recovery mode", diag.NotTrusted, there{key: 2, port: "1-2", kind: "iPhone7,2", mode: diag.Recovery}, []string{"P", "y"}, nil, "Only a phone that is there in normal mode"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := deskAt(t).stands(test.phone, test.trust)
			b.types(test.keys...)
			assert.Equal(t, test.want, b.wanted())
			assert.Contains(t, b.desk.view(), test.says)
		})
	}
}

// What a phone waits for is on its row, with the seconds; then what became of it.
func TestDeskPairing(t *testing.T) {
	t.Parallel()
	b := deskAt(t).stands(settled, diag.NotTrusted)
	b.does(progressed{2, lockdown.Progress{State: lockdown.WaitingForTrust, Waited: 12 * time.Second, Left: 48 * time.Second}})
	assert.Contains(t, b.desk.view(), "tap Trust, 12 of 60 s")
	b.types("P")
	assert.Contains(t, b.desk.view(), "It is being asked already.")
	b.does(pairEnded{2, lockdown.ErrTrustDenied})
	assert.NotContains(t, b.desk.view(), "12 of 60")
	assert.Contains(t, b.desk.view(), "Don’t Trust was tapped on the phone")
	b.types("P", "y")
	assert.Equal(t, []any{pair{2, false}}, b.wanted())
	b.does(pairEnded{2, nil})
	assert.Contains(t, b.desk.view(), "It trusts this computer, and is read again: 1-2 · iPhone X")
}

// A phone whose dialog is up is told to be tapped on, unless its verdict waits for an
// answer: that comes first.
func TestDeskSeesDialog(t *testing.T) {
	t.Parallel()
	b := deskAt(t).stands(settled, diag.TrustWaiting)
	assert.Contains(t, b.desk.view(), "back up, then update")
	b.does(sized{80, 24})
	assert.Contains(t, b.rows()[0], " asks ")
	assert.Contains(t, b.rows()[0], "tap Trust, ")
	assert.Equal(t, time.Second, b.desk.wait())
	b = deskAt(t).stands(asking, diag.TrustWaiting)
	assert.NotContains(t, b.rows()[0], "tap Trust")
}

// Every state of trust has its word for the column.
func TestDeskTrusts(t *testing.T) {
	t.Parallel()
	for _, trust := range diag.Trusts {
		assert.NotEmpty(t, trusts[trust], trust)
		assert.LessOrEqual(t, len(trusts[trust]), 6)
	}
}
