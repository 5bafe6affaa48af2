package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

// ofThree are the phones that the tests choose from.
func ofThree() []phone {
	phones := []phone{
		rowOf("53535353535353535353535300005353000000a1", 0x53530000beef, "E53M00C0FFEE"),
		rowOf("00008101-0000535300000B02", 0x535300000b02, ""),
		rowOf("53535353535353535353535300005353000001a1", 0, "E53M00005353"),
	}
	phones[0].facts.MarketingName = diag.Known("iPhone 6", diag.FromCatalog)
	phones[2].facts.ProductType = diag.Known("iPhone99,1", diag.FromLockdown)
	assignMasks(phones, false)
	return phones
}

func TestSelectPhones(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		devices []string
		want    []int
	}{
		{"nobody named", nil, []int{0, 1, 2}},
		{"a UDID", []string{"53535353535353535353535300005353000000a1"}, []int{0}},
		{"a UDID in capitals", []string{"53535353535353535353535300005353000000A1"}, []int{0}},
		{"a UDID with its dash", []string{"00008101-0000535300000B02"}, []int{1}},
		{"a UDID without its dash", []string{"000081010000535300000b02"}, []int{1}},
		{"an ECID as it is shown", []string{"0x000053530000beef"}, []int{0}},
		{"an ECID without 0x", []string{"53530000BEEF"}, []int{0}},
		{"a serial number", []string{"E53M00C0FFEE"}, []int{0}},
		{"a serial number in small letters", []string{"e53m00c0ffee"}, []int{0}},
		{"a tail", []string{"beef"}, []int{0}},
		{"a masked tail as it was printed", []string{"…00b02"}, []int{1}},
		{"a masked tail from a keyboard", []string{"...0b02"}, []int{1}},
		{"a tail as short as it may be", []string{"e"}, []int{0}},
		{"the same phone twice", []string{"beef", "C0FFEE"}, []int{0}},
		{"several, in the order of the list", []string{"5353", "beef"}, []int{0, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			phones := ofThree()
			var want []phone
			for _, at := range test.want {
				want = append(want, phones[at])
			}
			got, err := selectPhones(phones, test.devices)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
}

func TestSelectPhonesRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		device        string
		code          string
		exit          int
		message, hint string
	}{
		{"a tail of two", "a1", "ambiguous", exitUsage, `"a1" fits 2 phones`, "…00a1 (iPhone 6) · …01a1 (iPhone99,1)"},
		{"nobody's", "cafe", "no-match", exitNoPhone, `no phone goes by "cafe"`, "…00a1 (iPhone 6) · …0B02 (unknown model) · …01a1 (iPhone99,1)"},
		{"the middle of an identifier", "C0FF", "no-match", exitNoPhone, `"C0FF"`, "…00a1"},
		{"nothing", "", "usage", exitUsage, "names no phone", "error53 list"},
		{"an ellipsis alone", "…", "usage", exitUsage, "names no phone", "error53 list"},
		{"0x alone", "0x", "usage", exitUsage, "names no phone", "error53 list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := selectPhones(ofThree(), []string{test.device})
			require.Error(t, err)
			e := explain(err)
			assert.Equal(t, test.code, e.code)
			assert.Equal(t, test.exit, e.exit)
			assert.Contains(t, e.message, test.message)
			assert.Contains(t, e.hint, test.hint)
		})
	}
}

// What was typed, or came by a file's name, is shown in an error without acting there.
func TestErrorsShowWhatWasTyped(t *testing.T) {
	t.Parallel()
	const typed = "\x1b[2J\u202e53"
	for _, args := range [][]string{
		{"check", "--from", "testdata/iphone6.txt", typed},
		{"check", "--from", typed},
		{"check", "--from", "testdata/iphone6.txt", "--target", typed},
		{"check", "--repair", typed},
		{"check", "--" + typed},
		{"check", "--dry-run", "--scenario", typed},
		{"check", "--dry-run", "--timeout", typed},
		{"predict", "--product-type", typed},
		{"predict", "--product-type", "iPhone7,2", "--ios", typed},
		{"predict", "--product-type", "iPhone7,2", "--build", typed},
		{"rules", typed},
		{typed},
	} {
		stdout, stderr, code := run(t, args...)
		assert.NotEqual(t, exitOK, code, "%q", args)
		assert.Contains(t, stderr, "error: ")
		assert.False(t, containsActing(strings.ReplaceAll(stdout+stderr, "\n", "")), "%q: %q", args, stderr)
	}
}
