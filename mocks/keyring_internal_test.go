package mocks

import (
	"crypto/rsa"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// has tells whether a key of that owner was asked for.
func (r *keyring) has(owner string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range r.keys {
		if strings.HasPrefix(name, owner+" ") {
			return true
		}
	}
	return false
}

// A bench with phones that trust the host costs no key until somebody wants one. The
// phone is one that this process has not had yet, however often the test runs in it.
func TestKeysAreMadeWhenTheyAreWanted(t *testing.T) {
	t.Parallel()
	p, err := Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", ECID: rand.Uint64(), Trust: Trust{State: Paired}}.Phone()
	require.NoError(t, err)
	b := NewBench(p, p.OverNetwork())
	t.Cleanup(func() { b.Close() })
	b.Replug(1)
	b.Restart()
	b.Attach(p)
	assert.False(t, ring.has(p.UDID))
	record := b.pairRecord(p.UDID)
	require.NotEmpty(t, record)
	assert.True(t, ring.has(p.UDID))
	assert.Equal(t, record, b.pairRecord(p.UDID))
}

// A phone keeps its key from bench to bench, and no two phones share one, unless they are
// very many.
func TestKeysOfPhones(t *testing.T) {
	t.Parallel()
	one, again := Phone{UDID: "one", TLS: OldTLS}, Phone{UDID: "one", TLS: OldTLS}
	assert.Same(t, one.key(), again.key())
	assert.Equal(t, one.publicKey(), again.publicKey())

	r := newKeyring()
	different := map[*rsa.PrivateKey]bool{}
	for n := range 3 * maxKeys {
		key := r.key(fmt.Sprint(n), 1024)
		assert.Same(t, key, r.key(fmt.Sprint(n), 1024))
		different[key] = true
		assert.Len(t, different, min(n+1, maxKeys))
	}
	assert.NotContains(t, different, r.key("0", 2048), "of another size")
	assert.NotEqual(t, hostIDOf("one"), hostIDOf("other"))
	assert.Regexp(t, `^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-8[0-9A-F]{3}-[0-9A-F]{12}$`, hostIDOf("one"))
}

// The ages of iOS, by what each says of itself.
func TestPersonality(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]TLS{
		"7.0": OldTLS, "9.3.6": OldTLS, "10.0": MiddleTLS, "12.5.8": MiddleTLS, "13.0": NewTLS, "26.1": NewTLS, "abc": NewTLS,
	} {
		p := Phone{Values: map[string]any{"ProductVersion": version}}
		assert.Equal(t, want, p.personality(), version)
	}
	assert.True(t, slices.Contains(AllTLS, (&Phone{}).personality()))
	assert.Equal(t, OldTLS, (&Phone{TLS: OldTLS, Values: map[string]any{"ProductVersion": "17.4.1"}}).personality())
}
