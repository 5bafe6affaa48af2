package main

import (
	"context"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/danielpaulus/go-ios/ios"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux"
)

// debian runs one of libimobiledevice's tools against a simulation.
func (s *simulation) debian(tool string, args ...string) (shown string, exit int) {
	s.t.Helper()
	file, err := exec.LookPath(tool)
	if err != nil {
		s.t.Skipf("%s is not installed (Debian: libimobiledevice-utils)", tool)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	home := s.t.TempDir()
	cmd := exec.CommandContext(ctx, file, args...)
	cmd.Env = append(cmd.Environ(), usbmux.AddressVariable+"="+s.address, "HOME="+home, "XDG_CONFIG_HOME="+home)
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, ctx.Err(), "it hangs")
	s.t.Logf("$ %s %s\n%s[exit code %d]", tool, strings.Join(args, " "), out, exitCodeOf(err))
	return string(out), exitCodeOf(err)
}

const foreignScenario = `{"title": "One of each age; the old one asks for trust", "phones": [
	{"productType": "iPhone7,2", "productVersion": "9.1", "deviceName": "Anna’s iPhone"},
	{"productType": "iPhone9,3", "productVersion": "12.4", "trust": {"state": "paired"}},
	{"productType": "iPhone12,8", "productVersion": "17.4.1", "trust": {"state": "paired"}}]}`

// What libimobiledevice's tools do with real phones they do with these: list, read in
// plain text and over TLS, pair, validate, start a service.
func TestDebianAgainstSimulate(t *testing.T) {
	t.Parallel()
	const old, middle, young = "5353535353535353535353530000535300000001", "5353535353535353535353530000535300000002", "00008030-0000535300000003"
	s := simulate(t, scenarioFile(t, foreignScenario), "--socket", shortPath(t))
	shows := func(want string, exit int, tool string, args ...string) {
		t.Helper()
		shown, code := s.debian(tool, args...)
		assert.Equal(t, exit, code)
		assert.Contains(t, shown, want)
	}
	shows(old+"\n"+middle+"\n"+young+"\n", 0, "idevice_id", "-l")
	shows("DeviceName: Anna’s iPhone\n", 0, "ideviceinfo", "-u", old, "-s")
	shows("accept the trust dialog", 1, "idevicepair", "-u", old, "pair")
	s.types("trust 1-1")
	s.types("list") // by its first line the tap is done
	for range 3 {
		s.line()
	}
	shows("SUCCESS: Paired", 0, "idevicepair", "-u", old, "pair")
	shows("E53M00000001\n", 0, "ideviceinfo", "-u", old, "-k", "SerialNumber")
	for _, udid := range []string{old, middle, young} {
		shows("SUCCESS: Validated pairing", 0, "idevicepair", "-u", udid, "validate")
		shows("BatteryCurrentCapacity: 76\n", 0, "ideviceinfo", "-u", udid, "-q", "com.apple.mobile.battery")
	}
	shows("<key>MesaSerialNumber</key>", 0, "idevicediagnostics", "-u", middle, "mobilegestalt", "MesaSerialNumber")
	shows("<string>MobileGestaltDeprecated</string>", 0, "idevicediagnostics", "-u", young, "mobilegestalt", "MesaSerialNumber")
	s.types("unplug 1-2")
	s.types("update 1-1 newest")
	assert.Contains(t, s.lists(3)[0], "\t12.5.8\t")
	shows(young+"\n"+old+"\n", 0, "idevice_id", "-l")
	shows("12.5.8\n", 0, "ideviceinfo", "-u", old, "-k", "ProductVersion")
}

// go-ios lists the phones and reads their values, on TCP.
func TestGoIOSAgainstSimulate(t *testing.T) {
	t.Parallel()
	s := simulate(t, scenarioFile(t, foreignScenario), "--tcp", "127.0.0.1:0")
	connect := func() *ios.UsbMuxConnection {
		conn, err := net.Dial("tcp", s.address)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		return ios.NewUsbMuxConnection(ios.NewDeviceConnectionWithConn(conn))
	}
	list, err := connect().ListDevices()
	require.NoError(t, err)
	var versions []string
	for _, device := range list.DeviceList {
		lockdown, err := connect().ConnectLockdown(device.DeviceID)
		require.NoError(t, err)
		values, err := lockdown.GetValues()
		require.NoError(t, err)
		versions = append(versions, values.Value.ProductType+" "+values.Value.ProductVersion)
	}
	assert.Equal(t, []string{"iPhone7,2 9.1", "iPhone9,3 12.4", "iPhone12,8 17.4.1"}, versions)
}
