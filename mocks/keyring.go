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
}

var ring = keyring{keys: map[string]func() *rsa.PrivateKey{}}

// key gives the key of that owner, always the same one.
func (r *keyring) key(owner string, bits int) *rsa.PrivateKey {
	name := fmt.Sprintf("%s %d", owner, bits)
	r.mu.Lock()
	make, ok := r.keys[name]
	if !ok {
		make = sync.OnceValue(func() *rsa.PrivateKey { return newKey(bits) })
		r.keys[name] = make
	}
	r.mu.Unlock()
	return make()
}

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil { // not with the sizes used here, and rand.Reader does not fail
		panic(err)
	}
	return key
}
