package usb_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

// tree is a folder of USB devices as the kernel shows it: one folder of small files for
// each device, and one for each interface.
type tree struct {
	t    testing.TB
	root string
}

type files map[string]string

func newTree(t testing.TB) tree { return tree{t, t.TempDir()} }

func (k tree) bus() *usb.Bus { return &usb.Bus{Files: os.DirFS(k.root)} }

func (k tree) path(parts ...string) string {
	return filepath.Join(append([]string{k.root}, parts...)...)
}

// add plugs something in.
func (k tree) add(port string, content files) {
	k.t.Helper()
	require.NoError(k.t, os.MkdirAll(k.path(port), 0o755))
	for name, text := range content {
		require.NoError(k.t, os.WriteFile(k.path(port, name), []byte(text), 0o644))
	}
}

func (k tree) remove(parts ...string) {
	k.t.Helper()
	require.NoError(k.t, os.RemoveAll(k.path(parts...)))
}

func (k tree) link(target string, parts ...string) {
	k.t.Helper()
	require.NoError(k.t, os.Symlink(target, k.path(parts...)))
}

// device is what the kernel tells of one of Apple's devices on bus 1.
func device(productID uint16, address int, serial string) files {
	return files{
		"idVendor": "05ac\n", "idProduct": hex(productID) + "\n",
		"busnum": "1\n", "devnum": strconv.Itoa(address) + "\n", "speed": "480\n",
		"manufacturer": "Apple Inc.\n", "product": "Apple Mobile Device\n", "serial": serial + "\n",
	}
}

// with gives the same files, some of them with other content.
func (f files) with(other files) files {
	all := files{}
	for _, from := range []files{f, other} {
		for name, text := range from {
			all[name] = text
		}
	}
	return all
}

func hex(n uint16) string { return strconv.FormatUint(0x10000|uint64(n), 16)[1:] }
