package mocks_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/mocks"
	"error53/usbmux/plist"
)

// What another phone has said: the public part to everybody, all of it in a session.
func TestPhoneOf(t *testing.T) {
	t.Parallel()
	p, err := mocks.PhoneOf(plist.Dict{
		"ProductType": "iPad99,1", "ProductVersion": "30.1", "DeviceName": "Newer", "UniqueDeviceID": "00009999-5353000000000053",
		"SerialNumber": "F53TEST00053", "ActivationState": nil, "NonVolatileRAM": plist.Dict{"auto-boot": []byte("true"), "none": nil},
		"List": []any{nil, uint64(1)},
	})
	require.NoError(t, err)
	assert.Equal(t, []any{"Newer", "00009999-5353000000000053", uint16(0x12ab)}, []any{p.Name, p.UDID, p.ProductID})
	b := bench(t, p)
	assert.Equal(t, plist.Dict{
		"ProductType": "iPad99,1", "ProductVersion": "30.1", "DeviceName": "Newer", "UniqueDeviceID": "00009999-5353000000000053",
	}, toPhone(t, b, 1).get(getValue("", ""))["Value"])
	c := session(t, b, p, &tls.Config{})
	all, _ := c.get(getValue("", ""))["Value"].(plist.Dict)
	assert.Equal(t, plist.Dict{
		"ProductType": "iPad99,1", "ProductVersion": "30.1", "DeviceName": "Newer", "UniqueDeviceID": "00009999-5353000000000053",
		"SerialNumber": "F53TEST00053", "NonVolatileRAM": plist.Dict{"auto-boot": []byte("true")}, "List": []any{uint64(1)},
	}, all)
	assert.Equal(t, "MissingValue", c.get(getValue("com.apple.fmip", "IsAssociated"))["Error"])
}

// Two that say different things are two phones, also where nobody said which.
func TestPhoneOfWithoutUDID(t *testing.T) {
	t.Parallel()
	one, err := mocks.PhoneOf(plist.Dict{"ProductType": "iPhone7,2", "ProductVersion": "9.1"})
	require.NoError(t, err)
	other, err := mocks.PhoneOf(plist.Dict{"ProductType": "iPhone7,2", "ProductVersion": "9.2", "UniqueDeviceID": ""})
	require.NoError(t, err)
	assert.Len(t, one.UDID, 40)
	assert.Len(t, other.UDID, 40)
	assert.NotEqual(t, one.UDID, other.UDID)
	_, err = mocks.PhoneOf(plist.Dict{"DeviceName": "iPhone"})
	require.ErrorContains(t, err, "ProductType")
}
