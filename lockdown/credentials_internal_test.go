package lockdown

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux"
)

// Whatever a record holds, it gives credentials that are whole, or the one error.
func FuzzCredentials(f *testing.F) {
	p, err := mocks.Profile{ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired}}.Phone()
	require.NoError(f, err)
	b := mocks.NewBench(p)
	defer b.Close()
	record, err := (&usbmux.Client{Dial: b.Dial}).ReadPairRecord(f.Context(), p.UDID)
	require.NoError(f, err)
	f.Add(record.Bytes())
	f.Add([]byte("<plist><dict><key>HostID</key><string>53</string></dict></plist>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		record, err := usbmux.NewPairRecord(data)
		if err != nil {
			return
		}
		c, err := newCredentials(record)
		require.Equal(t, "[credentials]", fmt.Sprintf("%v", c))
		if err != nil {
			require.ErrorIs(t, err, ErrUnusableRecord)
			return
		}
		s := c.secrets()
		require.NotEmpty(t, s.hostID)
		require.NotEmpty(t, s.systemBUID)
		require.NotNil(t, s.phone)
		require.NotEmpty(t, s.host.Certificate)
		require.NotNil(t, s.host.PrivateKey)
	})
}
