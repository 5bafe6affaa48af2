package diag_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want diag.Version
		back string
	}{
		{"9", diag.Version{Major: 9}, "9.0"},
		{"9.0", diag.Version{Major: 9}, "9.0"},
		{"9.1", diag.Version{Major: 9, Minor: 1}, "9.1"},
		{"9.2.1", diag.Version{Major: 9, Minor: 2, Patch: 1}, "9.2.1"},
		{"9.2.0", diag.Version{Major: 9, Minor: 2}, "9.2"},
		{"12.5.8", diag.Version{Major: 12, Minor: 5, Patch: 8}, "12.5.8"},
		{"16.5.1 (c)", diag.Version{Major: 16, Minor: 5, Patch: 1, Response: 'c'}, "16.5.1 (c)"},
		{"26.3.1 (a)", diag.Version{Major: 26, Minor: 3, Patch: 1, Response: 'a'}, "26.3.1 (a)"},
		{"999.999.999", diag.Version{Major: 999, Minor: 999, Patch: 999}, "999.999.999"},
	} {
		t.Run(row.text, func(t *testing.T) {
			t.Parallel()
			v, err := diag.ParseVersion(row.text)
			require.NoError(t, err)
			assert.Equal(t, row.want, v)
			assert.Equal(t, row.back, v.String())
			assert.False(t, v.IsZero())
		})
	}
}

func TestParseVersionRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "0", "0.9", "0.0.0", ".", "9.", ".9", "9..1", "9.2.1.1", "1000", "9.1000",
		"-9", "+9", "9.-1", "9,2", "9.2.1b", "9.2x", "v9", "iOS 9.2", "13D20", "٩.٢", "9.2.1\n", "\x009",
		" 9.2", "9.2 ", "9.2  (a)", "9.2 (a) ", "9.2 ()", "9.2 (A)", "9.2 (ab)", "9.2 a", "9.2 (a", "9.2(a)", "9.2 (1)",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			v, err := diag.ParseVersion(text)
			assert.ErrorContains(t, err, "is not an iOS version such as 9.2.1")
			assert.True(t, v.IsZero(), "a refusal gives nothing")
		})
	}
}

func TestParseBuild(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want diag.Build
		beta bool
	}{
		{"13D20", diag.Build{Major: 13, Train: 'D', Number: 20}, false},
		{"7E18", diag.Build{Major: 7, Train: 'E', Number: 18}, false},
		{"11B554a", diag.Build{Major: 11, Train: 'B', Number: 554, Suffix: 'a'}, false},
		{"20E772520a", diag.Build{Major: 20, Train: 'E', Number: 772520, Suffix: 'a'}, false},
		{"13E4999", diag.Build{Major: 13, Train: 'E', Number: 4999}, false},
		{"13E5000", diag.Build{Major: 13, Train: 'E', Number: 5000}, true},
		{"13E5181d", diag.Build{Major: 13, Train: 'E', Number: 5181, Suffix: 'd'}, true},
		{"13E5999z", diag.Build{Major: 13, Train: 'E', Number: 5999, Suffix: 'z'}, true},
		{"16H6088", diag.Build{Major: 16, Train: 'H', Number: 6088}, false},
	} {
		t.Run(row.text, func(t *testing.T) {
			t.Parallel()
			b, err := diag.ParseBuild(row.text)
			require.NoError(t, err)
			assert.Equal(t, row.want, b)
			assert.Equal(t, row.text, b.String())
			assert.Equal(t, row.beta, b.IsBeta())
		})
	}
}

func TestParseBuildRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "D20", "13", "13D", "13d20", "13DD20", "113D20", "0D20", "00D20", "13D20A", "13D20ab", "13D020", "01D20", "13Da", "13D2 0",
		"13D1234567", "13D-1", "13D+1", " 13D20", "13D20 ", "13D20\n", "9.2.1", "newest", "13É20", "13D٢", "\x0013D20",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			b, err := diag.ParseBuild(text)
			assert.ErrorContains(t, err, "is not a build number such as 13D20")
			assert.True(t, b.IsZero(), "a refusal gives nothing")
		})
	}
}

func TestNotKnownIsSpelledEmpty(t *testing.T) {
	t.Parallel()
	assert.Empty(t, diag.Version{}.String())
	assert.Empty(t, diag.Build{}.String())
	assert.Empty(t, diag.Release{}.String())
	assert.Equal(t, "9.2.1", mustParse("9.2.1", "").String())
	assert.Equal(t, "9.2.1 (13D20)", mustParse("9.2.1", "13D20").String())
}

// mustParse makes a release of the package from well formed texts.
func mustParse(version, build string) diag.Release {
	return diag.NewCase(situation{installed: release{version: version, build: build}}.facts()).Installed
}

// TestReleasesInOrder: the list is in order, and every pair of it compares so.
func TestReleasesInOrder(t *testing.T) {
	t.Parallel()
	ordered := []diag.Release{
		mustParse("9.2", "13C75"),
		mustParse("9.2.1", ""),
		mustParse("9.2.1", "13D15"),
		mustParse("9.2.1", "13D20"),
		mustParse("9.2.1", "13D6020"), // Apple's twin
		mustParse("9.3", "13E5181d"),  // betas come before every final build
		mustParse("9.3", "13E5181f"),
		mustParse("9.3", "13E5191d"),
		mustParse("9.3", "13E233"),
		mustParse("9.3", "13E6233"),
		mustParse("9.3.1", "13E238"),
		mustParse("10.0", "14A346"),
		mustParse("11.0.1", "15A8391"), // between versions the build says nothing
		mustParse("11.0.3", "15A432"),
		mustParse("16.5.1", "20F75"),
		mustParse("16.5.1 (a)", "20F770750b"), // security responses
		mustParse("16.5.1 (c)", "20F770750d"),
		mustParse("16.6", "20G75"),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			switch {
			case i < j:
				assert.Negative(t, a.Compare(b), "%s before %s", a, b)
			case i > j:
				assert.Positive(t, a.Compare(b), "%s after %s", a, b)
			default:
				assert.Zero(t, a.Compare(b), "%s", a)
			}
		}
	}
	assert.True(t, slices.IsSortedFunc(ordered, diag.Release.Compare))
}

// FuzzParseVersion: what is accepted is spelled so that it reads back the same.
func FuzzParseVersion(f *testing.F) {
	for _, seed := range []string{"9", "9.2.1", "16.5.1 (c)", "0.1", "9.2 (", "09.02", "999.999.999 (z)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := diag.ParseVersion(text)
		if err != nil {
			require.True(t, v.IsZero())
			return
		}
		require.False(t, v.IsZero())
		again, err := diag.ParseVersion(v.String())
		require.NoError(t, err, "%q is spelled %q", text, v)
		require.Equal(t, v, again)
		require.Zero(t, v.Compare(again))
	})
}

// FuzzParseBuild: the same for builds.
func FuzzParseBuild(f *testing.F) {
	for _, seed := range []string{"13D20", "11B554a", "20E772520a", "13E5181d", "7E18", "13D020", "13Da"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := diag.ParseBuild(text)
		if err != nil {
			require.True(t, b.IsZero())
			return
		}
		require.False(t, b.IsZero())
		again, err := diag.ParseBuild(b.String())
		require.NoError(t, err, "%q is spelled %q", text, b)
		require.Equal(t, b, again)
	})
}
