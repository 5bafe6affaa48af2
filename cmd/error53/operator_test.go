package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
)

func TestOperatorValidate(t *testing.T) {
	t.Parallel()
	for _, repair := range diag.Repairs {
		assert.NoError(t, (&operator{repair: string(repair)}).validate())
	}
	for _, touchID := range diag.TouchIDs {
		assert.NoError(t, (&operator{touchID: string(touchID)}).validate())
	}
	for _, way := range diag.Ways {
		assert.NoError(t, (&operator{way: string(way)}).validate())
	}
	tests := []struct {
		name string
		said operator
		hint string
	}{
		{"a repair of its own", operator{repair: "glue"}, "--repair takes none, apple, third-party-sensor, third-party-screen, damaged, unknown"},
		{"a repair in capitals", operator{repair: "Apple"}, "--repair takes none, apple"},
		{"Touch ID maybe", operator{touchID: "maybe"}, "--touch-id takes yes, no, unknown"},
		{"a way of its own", operator{way: "post"}, "--via takes computer-update, computer-restore, ota"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := explain(test.said.validate())
			assert.Equal(t, exitUsage, e.exit)
			assert.Contains(t, e.hint, test.hint)
		})
	}
}

// What nobody says takes its default; what a phone or a scenario has said already
// stays, unless the operator says otherwise.
func TestOperatorApply(t *testing.T) {
	t.Parallel()
	var f diag.Facts
	require.NoError(t, (&operator{}).apply(&f))
	assert.Equal(t, diag.Known(diag.RepairUnknown, diag.FromDefault), f.Repair)
	assert.Equal(t, diag.Known(diag.TouchIDUnknown, diag.FromDefault), f.TouchID)
	assert.False(t, f.Way.Known())
	assert.NotEmpty(t, f.Way.Reason)

	f.Repair = diag.Known(diag.Damaged, diag.FromOperator)
	require.NoError(t, (&operator{touchID: "no", way: "ota"}).apply(&f))
	assert.Equal(t, diag.Known(diag.Damaged, diag.FromOperator), f.Repair)
	assert.Equal(t, diag.Known(diag.TouchIDNo, diag.FromOperator), f.TouchID)
	assert.Equal(t, diag.Known(diag.OTA, diag.FromOperator), f.Way)

	require.NoError(t, (&operator{repair: "none"}).apply(&f))
	assert.Equal(t, diag.Known(diag.RepairNone, diag.FromOperator), f.Repair)
	assert.Equal(t, diag.Known(diag.OTA, diag.FromOperator), f.Way, "said before")
}

func TestOperatorTarget(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, productType, target string
		version, build            diag.Fact[string]
	}{
		{"the newest", "iPhone7,2", "newest", diag.Known("12.5.8", diag.FromCatalog), diag.Known("16H88", diag.FromCatalog)},
		{"a version", "iPhone7,2", "9.2.1", diag.Known("9.2.1", diag.FromOperator), diag.NotKnown[string]("no build was stated")},
		{"a build", "iPhone7,2", "13D20", diag.Known("9.2.1", diag.FromCatalog), diag.Known("13D20", diag.FromOperator)},
		{"both", "iPhone7,2", "9.2.1:13D15", diag.Known("9.2.1", diag.FromOperator), diag.Known("13D15", diag.FromOperator)},
		{"a version for a model nobody knows", "iPhone99,1", "53.0", diag.Known("53.0", diag.FromOperator), diag.NotKnown[string]("no build was stated")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := diag.Facts{ProductType: diag.Known(test.productType, diag.FromLockdown)}
			require.NoError(t, (&operator{target: test.target}).apply(&f))
			assert.Equal(t, test.version, f.TargetVersion)
			assert.Equal(t, test.build, f.TargetBuild)
		})
	}
}

// A target that cannot be meant leaves the facts without one, and the reason says so.
func TestOperatorTargetNotKnown(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"abc", "7.0", "99A1", "9.2.1:13B143", "10.9"} {
		f := diag.Facts{ProductType: diag.Known("iPhone7,2", diag.FromLockdown)}
		err := (&operator{target: target}).apply(&f)
		var refused *diag.TargetError
		require.ErrorAs(t, err, &refused, target)
		assert.False(t, f.TargetVersion.Known())
		assert.Contains(t, f.TargetVersion.Reason, "cannot be meant")
	}
	f := diag.Facts{Mode: diag.Known(diag.DFU, diag.FromIBoot)}
	require.NoError(t, (&operator{}).apply(&f))
	assert.Contains(t, f.TargetVersion.Reason, "newest")
	assert.Contains(t, f.TargetBuild.Reason, "newest")
}

// A target is a path where it can be nothing else.
func TestTargetIsPath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"9.3", "13D20", "newest", "images", "image"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
	}
	for _, target := range []string{"images", "image", "./9.3", "a/b", "/nowhere", "x.ipsw", "X.IPSW", "BuildManifest.plist"} {
		assert.True(t, isPath(target), target)
	}
	for _, target := range []string{"", "9.3", "9.3:13E233", "13D20", "newest", "nothing", "9.3:nonsense"} {
		assert.False(t, isPath(target), target)
	}
}

func TestAboutOnePhone(t *testing.T) {
	t.Parallel()
	assert.True(t, (&operator{repair: "none"}).aboutOnePhone())
	assert.True(t, (&operator{touchID: "yes"}).aboutOnePhone())
	assert.False(t, (&operator{target: "newest", way: "ota"}).aboutOnePhone(), "the plan holds for all")
}
