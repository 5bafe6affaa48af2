package recording_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/mocks"
	"error53/mocks/recording"
	"error53/usbmux/plist"
)

// phones are one of each way in which a conversation can go.
func phones() map[string]mocks.Profile {
	return map[string]mocks.Profile{
		"not trusted":      {ProductType: "iPhone7,2", ProductVersion: "9.1"},
		"paired":           {ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired}},
		"paired, replaced": {ProductType: "iPad5,3", ProductVersion: "15.8.8", Trust: mocks.Trust{State: mocks.Paired}, Sensor: mocks.Replaced},
		"paired, no sensor": {
			ProductType: "iPhone14,2", ProductVersion: "26.1", Trust: mocks.Trust{State: mocks.Paired},
		},
		"no MobileGestalt any more": {ProductType: "iPhone14,6", ProductVersion: "18.1", Trust: mocks.Trust{State: mocks.Paired}},
		"plain services":            {ProductType: "iPhone6,2", ProductVersion: "7.0", Trust: mocks.Trust{State: mocks.Paired}, PlainServices: true},
		"TLS 1.0 on iOS 10":         {ProductType: "iPhone7,2", ProductVersion: "10.3.3", TLS: mocks.OldTLS, Trust: mocks.Trust{State: mocks.Paired}},
		"stale":                     {ProductType: "iPhone8,1", ProductVersion: "12.4", Trust: mocks.Trust{State: mocks.Stale}},
		"locked":                    {ProductType: "iPhone8,1", ProductVersion: "12.4", Trust: mocks.Trust{State: mocks.Paired, Locked: true}},
		"over the network":          {ProductType: "iPhone8,1", ProductVersion: "12.4", ConnectionType: mocks.Network},
		"in recovery":               {ProductType: "iPhone7,2", Mode: diag.Recovery, IBootVersion: "iBoot-4513.270.6"},
		"in recovery, no version":   {ProductType: "iPhone12,1", Mode: diag.Recovery},
		"in DFU mode":               {ProductType: "iPhone10,3", Mode: diag.DFU},
		"in restore mode":           {ProductType: "iPhone8,2", Mode: diag.Restore},
		"refuses a domain": {
			ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired},
			Errors: map[string]string{"com.apple.mobile.backup": "GetProhibited", "com.apple.mobile.internal/SysCfgData": "MissingValue"},
		},
		"refuses the service": {
			ProductType: "iPhone7,2", ProductVersion: "9.1", Trust: mocks.Trust{State: mocks.Paired},
			Errors: map[string]string{"com.apple.mobile.diagnostics_relay": "InvalidService"},
		},
		"refuses everything": {ProductType: "iPhone7,2", ProductVersion: "9.1", Errors: map[string]string{"": "PasswordProtected"}},
		"damaged record": {
			ProductType: "iPhone7,2", ProductVersion: "9.1",
			Trust: mocks.Trust{State: mocks.Stale}, PairRecord: []byte("<plist><dict></dict></plist>"),
		},
	}
}

// What a recording says is what the phone said: read again, it gives the same facts.
func TestReplayGivesTheSamePhone(t *testing.T) {
	t.Parallel()
	for name, profile := range phones() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorded, read := record(t, virtual(t, profile))
			parsed, err := recording.Parse([]byte(written(t, recorded)))
			require.NoError(t, err)
			again, err := parsed.Replay(t.Context())
			require.NoError(t, err)
			read.Facts.APNonce, again.Facts.APNonce = diag.Fact[string]{}, diag.Fact[string]{} // new after each start
			read.Facts.SEPNonce, again.Facts.SEPNonce = diag.Fact[string]{}, diag.Fact[string]{}
			assert.Equal(t, read.Facts, again.Facts)
			assert.Equal(t, read.Err == nil, again.Err == nil)
			assert.Equal(t, read.NoSession == nil, again.NoSession == nil)
		})
	}
}

// What is asked and not recorded, and what is recorded and not asked, is named.
func TestReplayIsStrict(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		spoil func(r *recording.Recording)
		kind  error
		says  string
	}{
		{"a request too many", func(r *recording.Recording) {
			x := &last(r, recording.Lockdownd).Exchanges
			*x = append(*x, recording.Exchange{TLS: true, Request: getValue("com.apple.xcode"), Answer: plist.Dict{"Value": plist.Dict{}}})
		}, recording.ErrDeviates, "recorded and not asked: lockdownd: GetValue com.apple.xcode"},
		{"a request too few", func(r *recording.Recording) {
			x := &last(r, recording.Lockdownd).Exchanges
			*x = slices.DeleteFunc(*x, func(x recording.Exchange) bool { return x.Request["Domain"] == "com.apple.disk_usage" })
		}, recording.ErrDeviates, "asked and not recorded: lockdownd: GetValue com.apple.disk_usage"},
		{"another order", func(r *recording.Recording) {
			x := last(r, recording.Lockdownd).Exchanges
			x[0], x[1] = x[1], x[0]
		}, recording.ErrDeviates, "asked in another order from the lockdownd: GetValue"},
		{"another label", func(r *recording.Recording) {
			last(r, recording.Lockdownd).Exchanges[0].Request["Label"] = "another"
		}, recording.ErrDeviates, "asked and not recorded: lockdownd: "},
		{"another model in the head", func(r *recording.Recording) { r.Header.Model = "iPhone8,1" }, recording.ErrHeader, `model is "iPhone7,2", not "iPhone8,1"`},
		{"no phone in the list", func(r *recording.Recording) {
			r.Flows[0].Exchanges[0].Answer["DeviceList"] = []any{}
		}, recording.ErrNotVirtual, "the list has not one phone"},
		{"nothing but the list", func(r *recording.Recording) { r.Flows = r.Flows[:1] }, recording.ErrNotVirtual, "nothing was said"},
		{"an unheard-of refusal", func(r *recording.Recording) {
			for _, x := range last(r, recording.Lockdownd).Exchanges {
				if x.Name() == "StartService" {
					x.Answer["Error"] = "InvalidService"
				}
			}
		}, recording.ErrDeviates, "recorded and not asked: usbmuxd: Connect"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, _ := record(t, virtual(t, phones()["paired"]))
			c.spoil(&r)
			_, err := r.Replay(t.Context())
			require.ErrorIs(t, err, c.kind)
			assert.Contains(t, err.Error(), c.says)
		})
	}
}

func getValue(domain string) plist.Dict {
	return plist.Dict{"Request": "GetValue", "Label": "error53", "ProtocolVersion": "2", "Domain": domain}
}

// last gives the last flow of a speaker.
func last(r *recording.Recording, speaker string) *recording.Flow {
	var found *recording.Flow
	for i := range r.Flows {
		if r.Flows[i].Speaker == speaker {
			found = &r.Flows[i]
		}
	}
	return found
}

// What opens a pairing is in no file, masked or not.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	r, _ := record(t, virtual(t, phones()["paired"]))
	text := written(t, r)
	assert.Contains(t, text, "<key>PairRecordData</key>\n\t\t<data/>")
	assert.Contains(t, text, "<key>EscrowBag</key>\n\t\t<data/>")
	for _, secret := range []string{"PRIVATE KEY", "BEGIN", "LS0tLS1CRUdJTi", "HostPrivateKey", "RootCertificate"} {
		assert.NotContains(t, text, secret)
	}
	assert.Equal(t, 1, strings.Count(text, "<key>HostID</key>"))
}
