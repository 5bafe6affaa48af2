package usb_test

import (
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	me, err := user.Current()
	require.NoError(t, err)
	mine, err := user.LookupGroupId(me.Gid)
	require.NoError(t, err)
	node := filepath.Join(t.TempDir(), "005")
	require.NoError(t, os.WriteFile(node, nil, 0o600))
	require.NoError(t, os.Chown(node, -1, os.Getegid()))

	access, err := usb.Device{NodePath: node}.Access()
	require.NoError(t, err)
	assert.Equal(t, node, access.NodePath)
	assert.Equal(t, me.Username, access.Owner)
	assert.Equal(t, mine.Name, access.Group)
	assert.Equal(t, fs.FileMode(0o600), access.Mode)
	assert.Contains(t, access.Groups, mine.Name)
	assert.True(t, access.Writable)
	assert.Contains(t, access.String(), node+" belongs to "+me.Username+":"+mine.Name+", mode 0600; own groups: ")
}

func TestAccessReadOnly(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write to every file")
	}
	node := filepath.Join(t.TempDir(), "005")
	require.NoError(t, os.WriteFile(node, nil, 0o444))
	access, err := usb.Device{NodePath: node}.Access()
	require.NoError(t, err)
	assert.False(t, access.Writable)
}

// Owners and groups that have no name, as happens in containers, show as numbers.
func TestAccessNumbers(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root may give files away")
	}
	node := filepath.Join(t.TempDir(), "005")
	require.NoError(t, os.WriteFile(node, nil, 0o600))
	require.NoError(t, os.Chown(node, 3_000_000_001, 3_000_000_002))
	access, err := usb.Device{NodePath: node}.Access()
	require.NoError(t, err)
	assert.Equal(t, "3000000001", access.Owner)
	assert.Equal(t, "3000000002", access.Group)
}

func TestAccessRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, node string
		want       error
	}{
		{"no node", "", usb.ErrUnsupported},
		{"unplugged", filepath.Join(t.TempDir(), "005"), usb.ErrGone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := usb.Device{NodePath: tt.node, Port: "1-2"}.Access()
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, "usb: 1-2: look at node: ")
		})
	}
}
