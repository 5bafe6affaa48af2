package mocks_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielpaulus/go-ios/ios"
	"github.com/danielpaulus/go-ios/ios/diagnostics"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// Clients that nobody here wrote must find the bench to be the real thing.

// debian runs one of libimobiledevice's tools against a bench on a unix socket.
func debian(t *testing.T, b *mocks.Bench, tool string, args ...string) (stdout string, exit int) {
	t.Helper()
	file, err := exec.LookPath(tool)
	if err != nil {
		t.Skipf("%s is not installed (Debian: libimobiledevice-utils)", tool)
	}
	folder, err := os.MkdirTemp("", "mocks") // t.TempDir may be longer than a socket's address can be
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "usbmuxd")
	serve(t, b, "unix", socket)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Env = append(os.Environ(), "USBMUXD_SOCKET_ADDRESS=UNIX:"+socket, "HOME="+folder, "XDG_CONFIG_HOME="+folder)
	var out, talk strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &talk
	if err := cmd.Run(); err != nil {
		var failed *exec.ExitError
		require.ErrorAs(t, err, &failed)
		require.NoError(t, ctx.Err(), "it hangs")
	}
	t.Logf("%s %s\n%s%s", tool, strings.Join(args, " "), out.String(), talk.String())
	return out.String(), cmd.ProcessState.ExitCode()
}

func TestLibimobiledeviceLists(t *testing.T) {
	t.Parallel()
	young := phone(t, mocks.Profile{ProductType: "iPhone12,1", ECID: 0x53})
	out, exit := debian(t, bench(t, iPhone6(t), young, inRestore(t)), "idevice_id", "-l")
	assert.Zero(t, exit)
	// libusbmuxd itself writes the DeviceID into the serial of a phone in restore mode.
	assert.ElementsMatch(t, []string{
		"5353535353535353535353530000535300000001",
		"00008030-0000000000000053",
		"ffffffffffffffffffffffffffffffff00000003",
	}, strings.Fields(out))
}

func TestLibimobiledeviceListsNothing(t *testing.T) {
	t.Parallel()
	out, _ := debian(t, bench(t), "idevice_id", "-l")
	assert.Empty(t, out)
}

func TestLibimobiledeviceReadsValues(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	out, exit := debian(t, b, "ideviceinfo", "-s")
	assert.Zero(t, exit)
	for _, line := range []string{
		"DeviceName: Anna’s iPhone", "ProductType: iPhone7,2", "ProductVersion: 9.1", "BuildVersion: 13B143",
		"HardwareModel: N61AP", "UniqueChipID: 91615947390977", "SupportedDeviceFamilies[1]: ",
	} {
		assert.Contains(t, out, line+"\n")
	}
	for _, r := range b.Requests() {
		assert.False(t, r.Refused, "%v", r)
	}
}

func TestLibimobiledeviceReadsOneValue(t *testing.T) {
	t.Parallel()
	out, exit := debian(t, bench(t, iPhone6(t)), "ideviceinfo", "-s", "-k", "ProductType")
	assert.Zero(t, exit)
	assert.Equal(t, "iPhone7,2\n", out)
}

func TestLibimobiledeviceReadsXML(t *testing.T) {
	t.Parallel()
	out, exit := debian(t, bench(t, iPhone6(t)), "ideviceinfo", "-s", "-x")
	assert.Zero(t, exit)
	values, err := plist.DecodeDict([]byte(out))
	require.NoError(t, err)
	want := toPhone(t, bench(t, iPhone6(t)), 1).get(getValue("", ""))["Value"]
	assert.Equal(t, want, values)
}

// Names in any script come through, control characters as this client shows them.
func TestLibimobiledeviceReadsNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"田中のiPhone", "🦉 Eule", "Tom & <Jerry>"} {
		p := phone(t, mocks.Profile{ProductType: "iPhone7,2", Name: name})
		out, exit := debian(t, bench(t, p), "ideviceinfo", "-s", "-k", "DeviceName")
		assert.Zero(t, exit)
		assert.Equal(t, name+"\n", out)
	}
}

// Without -s the tool wants a session, and so a pairing. Without one it gives up in
// good order, and nobody's values come out.
func TestLibimobiledeviceGetsNoSession(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	out, exit := debian(t, b, "ideviceinfo")
	assert.NotZero(t, exit)
	assert.Empty(t, out)
	assert.True(t, slices.ContainsFunc(b.Requests(), func(r mocks.Request) bool {
		return r.Name == "ReadPairRecord" && r.DeviceID == 1
	}), "it looked for a pair record")
}

// goIOS connects go-ios to a bench in memory.
func goIOS(t *testing.T, b *mocks.Bench) *ios.UsbMuxConnection {
	t.Helper()
	return ios.NewUsbMuxConnection(ios.NewDeviceConnectionWithConn(dial(t, b).conn))
}

func TestGoIOSLists(t *testing.T) {
	t.Parallel()
	list, err := goIOS(t, bench(t, iPhone6(t), inRestore(t))).ListDevices()
	require.NoError(t, err)
	require.Len(t, list.DeviceList, 2)
	assert.Equal(t, ios.DeviceProperties{
		ConnectionSpeed: 480000000, ConnectionType: "USB", DeviceID: 1, LocationID: 0x10002, ProductID: 0x12a8,
		SerialNumber: "5353535353535353535353530000535300000001",
	}, list.DeviceList[0].Properties)
	assert.Equal(t, strings.Repeat("f", 40), list.DeviceList[1].Properties.SerialNumber)
}

func TestGoIOSReadsValues(t *testing.T) {
	t.Parallel()
	lockdown, err := goIOS(t, bench(t, iPhone6(t))).ConnectLockdown(1)
	require.NoError(t, err)
	values, err := lockdown.GetValues()
	require.NoError(t, err)
	assert.Equal(t, "iPhone7,2", values.Value.ProductType)
	assert.Equal(t, "9.1", values.Value.ProductVersion)
	assert.Equal(t, uint64(0x535300000001), values.Value.UniqueChipID)
	assert.Empty(t, values.Value.SerialNumber, "needs a session")
	name, err := lockdown.GetValue("DeviceName")
	require.NoError(t, err)
	assert.Equal(t, "Anna’s iPhone", name)
}

// go-ios knows no Paired: it gives that as a message that is neither.
func TestGoIOSListens(t *testing.T) {
	t.Parallel()
	b := bench(t, iPhone6(t))
	next, err := goIOS(t, b).Listen()
	require.NoError(t, err)
	event := func() ios.AttachedMessage {
		e, err := next()
		require.NoError(t, err)
		return e
	}
	first := event()
	assert.True(t, first.DeviceAttached())
	assert.Equal(t, iPhone6(t).UDID, first.Properties.SerialNumber)

	id := b.Attach(inRestore(t))
	second := event()
	assert.True(t, second.DeviceAttached())
	assert.Equal(t, int(id), second.DeviceID)
	assert.Equal(t, restoredUDID, second.Properties.SerialNumber)

	b.Replug(1)
	gone, back := event(), event()
	assert.True(t, gone.DeviceDetached())
	assert.Equal(t, 1, gone.DeviceID)
	assert.True(t, back.DeviceAttached())
	assert.Equal(t, 3, back.DeviceID)
	assert.Equal(t, first.Properties.SerialNumber, back.Properties.SerialNumber)

	b.Restart()
	_, err = next()
	assert.Error(t, err)
}

func TestGoIOSReadsTheHostsPapers(t *testing.T) {
	t.Parallel()
	record := xml(t, plist.Dict{"HostID": "E53", "SystemBUID": "B"})
	paired := phone(t, mocks.Profile{ProductType: "iPhone7,2", PairRecord: record})
	mux := goIOS(t, bench(t, paired, inRestore(t)))
	buid, err := mux.ReadBuid()
	require.NoError(t, err)
	assert.Equal(t, "53535353-0053-4053-8053-535353535353", buid)
	read, err := mux.ReadPair(paired.UDID)
	require.NoError(t, err)
	assert.Equal(t, "E53", read.HostID)
	_, err = mux.ReadPair(restoredUDID)
	assert.ErrorContains(t, err, "errorcode '2'")
}

const restoredUDID = "ffffffffffffffffffffffffffffffffffffffff"

// Phones of two ages, and what to expect of each.
var ages = []struct{ name, model, version, gestalt string }{
	{"iOS 9", "iPhone7,2", "9.1", "<key>MesaSerialNumber</key>"},
	{"iOS 17.4", "iPhone12,8", "17.4.1", "<string>MobileGestaltDeprecated</string>"},
}

func TestLibimobiledeviceHoldsASession(t *testing.T) {
	t.Parallel()
	for _, tt := range ages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := phone(t, mocks.Profile{ProductType: tt.model, ProductVersion: tt.version, Trust: mocks.Trust{State: mocks.Paired}})
			b := bench(t, p)
			tool := func(want string, args ...string) {
				t.Helper()
				out, exit := debian(t, b, args[0], args[1:]...)
				assert.Zero(t, exit)
				assert.Contains(t, out, want)
			}
			tool("SUCCESS: Validated pairing", "idevicepair", "validate")
			tool("SerialNumber: "+text(t, p.Values, "SerialNumber")+"\n", "ideviceinfo")
			tool("BatteryCurrentCapacity: 76\n", "ideviceinfo", "-q", "com.apple.mobile.battery")
			tool("true\n", "ideviceinfo", "-q", "com.apple.fmip", "-k", "IsAssociated")
			tool(tt.gestalt, "idevicediagnostics", "mobilegestalt", "MesaSerialNumber")
			for _, h := range b.Handshakes() {
				assert.NoError(t, h.Err)
			}
		})
	}
}

// A host without a pairing asks, is told to wait, asks again; then all works by the
// record that it has made. It gives no private key away.
func TestLibimobiledevicePairs(t *testing.T) {
	t.Parallel()
	for _, tt := range ages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := phone(t, mocks.Profile{ProductType: tt.model, ProductVersion: tt.version})
			b := bench(t, p)
			out, exit := debian(t, b, "idevicepair", "pair")
			assert.NotZero(t, exit)
			assert.Contains(t, out, "Please accept the trust dialog")
			b.Trust(1)
			out, exit = debian(t, b, "idevicepair", "pair")
			assert.Zero(t, exit)
			assert.Contains(t, out, "SUCCESS: Paired")
			_, exit = debian(t, b, "idevicepair", "validate")
			assert.Zero(t, exit)
			out, exit = debian(t, b, "ideviceinfo", "-k", "SerialNumber")
			assert.Zero(t, exit)
			assert.Equal(t, text(t, p.Values, "SerialNumber")+"\n", out)
			for _, r := range b.Requests() {
				assert.False(t, r.Refused || r.Leaks, "%+v", r)
			}
		})
	}
}

func TestLibimobiledeviceIsTurnedDown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		trust mocks.Trust
		want  string
	}{
		{"denied", mocks.Trust{State: mocks.Denied}, "denied the trust dialog"},
		{"locked", mocks.Trust{Locked: true}, "passcode is set"},
		{"supervised", mocks.Trust{State: mocks.Supervised}, "error code -39"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			out, exit := debian(t, bench(t, ofAge(t, "9.1", tt.trust)), "idevicepair", "pair")
			assert.NotZero(t, exit)
			assert.Contains(t, out, tt.want)
		})
	}
}

// go-ios reads where usbmuxd is from the environment, so this test has it for itself.
// It cannot open a session with a phone that knows TLS 1.0 alone: the one thing in
// which this program has to go its own way.
func TestGoIOSPairsAndHoldsASession(t *testing.T) {
	for _, tt := range []struct {
		version string
		works   bool
	}{{"9.1", false}, {"12.5.7", true}, {"16.7.2", true}} {
		t.Run(tt.version, func(t *testing.T) {
			p := ofAge(t, tt.version, mocks.Trust{Polls: 1})
			b := bench(t, p)
			folder, err := os.MkdirTemp("", "mocks")
			require.NoError(t, err)
			t.Cleanup(func() { os.RemoveAll(folder) })
			serve(t, b, "unix", filepath.Join(folder, "usbmuxd"))
			t.Setenv("USBMUXD_SOCKET_ADDRESS", "unix://"+filepath.Join(folder, "usbmuxd"))
			device := ios.DeviceEntry{DeviceID: 1, Properties: ios.DeviceProperties{SerialNumber: p.UDID}}

			require.ErrorContains(t, ios.Pair(device), "accept the PairingDialog")
			require.NoError(t, ios.Pair(device))
			lockdown, err := ios.ConnectLockdownWithSession(device)
			if !tt.works {
				require.ErrorContains(t, err, "tls:")
				return
			}
			require.NoError(t, err)
			values, err := lockdown.GetValues()
			require.NoError(t, err)
			assert.Equal(t, text(t, p.Values, "SerialNumber"), values.Value.SerialNumber)
			lockdown.Close()

			relay, err := diagnostics.New(device)
			require.NoError(t, err)
			gestalt, err := relay.MobileGestaltQuery([]string{"MesaSerialNumber"})
			require.NoError(t, err)
			assert.Contains(t, fmt.Sprint(gestalt), "MesaSerialNumber")
			require.NoError(t, relay.Close())
		})
	}
}
