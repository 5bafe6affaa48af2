package mocks

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"sync"
)

// keyring holds the RSA keys of the phones and the host of this process. No key is in
// the source, and none is made before somebody needs it: to make one takes some 50 ms.
// So a phone keeps its key from bench to bench, as it would from computer to computer.
type keyring struct {
	mu   sync.Mutex
	keys map[string]func() *rsa.PrivateKey
	made map[int][]func() *rsa.PrivateKey // those that differ, by their bits
}

// maxKeys bounds how many different keys of a size there are. With further owners they
// are shared, so that a thousand phones that are paired are not a minute's work.
const maxKeys = 16

func newKeyring() *keyring {
	return &keyring{keys: map[string]func() *rsa.PrivateKey{}, made: map[int][]func() *rsa.PrivateKey{}}
}

var ring = newKeyring()

// key gives the key of that owner, always the same one.
func (r *keyring) key(owner string, bits int) *rsa.PrivateKey {
	name := fmt.Sprintf("%s %d", owner, bits)
	r.mu.Lock()
	make, ok := r.keys[name]
	if !ok {
		make = r.another(len(r.keys), bits)
		r.keys[name] = make
	}
	r.mu.Unlock()
	return make()
}

// another gives a key that nobody has, while there may be more; then one that somebody
// has. The lock is held.
func (r *keyring) another(owners, bits int) func() *rsa.PrivateKey {
	made := r.made[bits]
	if len(made) >= maxKeys {
		return made[owners%maxKeys]
	}
	r.made[bits] = append(made, sync.OnceValue(func() *rsa.PrivateKey { return newKey(bits) }))
	return r.made[bits][len(made)]
}

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil { // not with the sizes used here, and rand.Reader does not fail
		panic(err)
	}
	return key
}
