package usbmux_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/plist"
)

// An answer that the decoder itself would take, at whatever cost, is refused by the
// check before it: nobody decodes what was not checked.
func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	nested := "<plist version=\"1.0\">" + strings.Repeat("<array>", 1000) + strings.Repeat("</array>", 1000) + "</plist>"
	many := "<plist version=\"1.0\"><array>" + strings.Repeat("<true/>", plist.MaxNodes) + "</array></plist>"
	for want, answer := range map[error]string{plist.ErrTooDeep: nested, plist.ErrTooMany: many} {
		t.Run(want.Error(), func(t *testing.T) {
			t.Parallel()
			_, client := newPeer(t, answers([]byte(answer)))
			_, err := client.ListDevices(t.Context())
			require.ErrorIs(t, err, want)
			for event := range client.Listen(t.Context()) {
				assert.ErrorIs(t, event.Err, want)
				break
			}
		})
	}
}
