package mocks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/mocks"
	"error53/usbmux/plist"
)

func TestRestoredIdentity(t *testing.T) {
	t.Parallel()
	c := toPhone(t, bench(t, inRestore(t)), 1)
	assert.Equal(t, plist.Dict{
		"Type": "com.apple.mobile.restored", "RestoreProtocolVersion": uint64(15), "Result": "Success",
		"SerialNumber": "E53M00000001", "HardwareModel": "N66mAP",
	}, c.get(plist.Dict{"Request": "QueryType"}), "and no Request key")
}

func TestRestoredValues(t *testing.T) {
	t.Parallel()
	const large = 0xFFFF_5353_0000_0001 // above 2^63: shown as a negative number
	p := phone(t, mocks.Profile{ProductType: "iPhone8,2", HardwareModel: "N66mAP", Mode: "restore", ECID: large})
	c := toPhone(t, bench(t, p), 1)
	hardware, ok := c.get(plist.Dict{"Request": "QueryValue", "QueryKey": "HardwareInfo"}).Dict("HardwareInfo")
	assert.True(t, ok)
	assert.Equal(t, int64(-0xACACFFFFFFFF), hardware["UniqueChipID"])
	ecid, _ := hardware.Uint64("UniqueChipID")
	assert.Equal(t, uint64(large), ecid, "as two's complement")
	assert.Equal(t, uint64(0x8003), hardware["ChipID"])
	assert.Equal(t, uint64(0x06), hardware["BoardID"])

	assert.Contains(t, c.get(plist.Dict{"Request": "QueryValue", "QueryKey": "SavedDebugInfo"}), "SavedDebugInfo")
	assert.Empty(t, c.get(plist.Dict{"Request": "QueryValue", "QueryKey": "Colour"}))
	assert.Empty(t, c.get(plist.Dict{"Request": "QueryValue"}))
}

func TestRestoredRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"StartRestore", "Reboot", "GetValue", "Pair", ""} {
		b := bench(t, inRestore(t))
		c := toPhone(t, b, 1)
		answer := c.get(plist.Dict{"Request": name, "RestoreProtocolVersion": 15})
		assert.Equal(t, plist.Dict{"Result": "Failure", "Error": "InvalidRequest"}, answer, name)
		assert.Contains(t, b.Requests(), mocks.Request{
			Connection: 1, Side: mocks.Restored, DeviceID: 1, Name: name, Refused: true})
		assert.Equal(t, "com.apple.mobile.restored", c.get(plist.Dict{"Request": "QueryType"})["Type"], "it is still there")
	}
}
