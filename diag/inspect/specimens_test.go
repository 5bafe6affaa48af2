package inspect_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/diag"
	"error53/diag/inspect"
)

// specimens gives the folder of dumps that people posted, which is not part of the
// repository: lockdown, iboot, restorelog, usbmux, and INDEX.tsv about them.
func specimens(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("ERROR53_SPECIMENS")
	if dir == "" {
		t.Skip("ERROR53_SPECIMENS does not name the folder of specimens")
	}
	return dir
}

// expectation is what the own text of a specimen holds, where that is not what
// INDEX.tsv says of it, or why it is refused.
type expectation struct {
	productType, version, build string
	refused                     error
	why                         string
}

const (
	legacyKit = "the screen of Legacy iOS Kit is no form of dump"
	fragment  = "a fragment that names no model"
	inThread  = "the version is known from the thread only"
	indexName = "INDEX.tsv describes the model rather than give its product type"
)

var expectations = map[string]expectation{
	"iboot/006": {productType: "iPhone11,2", why: indexName},
	"iboot/011": {productType: "iPhone8,1", why: inThread},
	"iboot/012": {productType: "iPhone8,4", why: inThread},
	"iboot/021": {refused: inspect.ErrNoProductType, why: "a chip without a board"},
	"iboot/022": {refused: inspect.ErrNoProductType, why: "the tool read nothing of the phone"},
	"iboot/027": {productType: "iPad15,7", why: "board 0x10 of chip 0x8120 is an iPad; INDEX.tsv guesses an iPhone 15"},
	"iboot/029": {productType: "iPhone15,3", why: indexName},
	"iboot/031": {why: "a virtual machine: chip 0xfe01 is in no table"},
	"iboot/032": {productType: "iPhone5,1", why: "an emulator: the string says board 0x00, the banner n42ap"},
	"iboot/037": {refused: inspect.ErrNotADump, why: "a serial number read as garbage"},
	"iboot/047": {productType: "iPad4,4", why: indexName},
	"iboot/049": {productType: "iPhone5,4", why: indexName},
	"iboot/051": {productType: "iPad2,2", why: indexName},
	"iboot/054": {refused: inspect.ErrNotADump, why: "the log of an exploit, without a string"},
	"iboot/056": {refused: inspect.ErrNotADump, why: legacyKit},
	"iboot/057": {refused: inspect.ErrNotADump, why: legacyKit},

	"lockdown/017": {refused: inspect.ErrNotADump, why: legacyKit},
	"lockdown/019": {refused: inspect.ErrNotADump, why: "XML cut at both ends, and it names no model"},
	"lockdown/021": {refused: inspect.ErrNotADump, why: "XML within a Python bytes literal, cut at both ends"},
	"lockdown/022": {refused: inspect.ErrNoProductType, why: "iOS 1 does not tell it"},
	"lockdown/027": {refused: inspect.ErrNotADump, why: "prose about the colour of three phones"},
	"lockdown/029": {refused: inspect.ErrNotADump, why: fragment},
	"lockdown/031": {refused: inspect.ErrNotADump, why: "an answer of another service, cut"},
	"lockdown/032": {refused: inspect.ErrNotADump, why: fragment},
	"lockdown/051": {refused: inspect.ErrNotADump, why: legacyKit},
	"lockdown/052": {refused: inspect.ErrNotADump, why: legacyKit},
	"lockdown/054": {refused: inspect.ErrNotADump, why: "the log of a backup service"},
}

// Every specimen gives the product type, version and build its own text holds, or
// is refused for a reason that the table above tells.
func TestSpecimens(t *testing.T) {
	dir := specimens(t)
	index, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	require.NoError(t, err)
	unused := map[string]bool{}
	for key := range expectations {
		unused[key] = true
	}
	read := 0
	for line := range strings.Lines(string(index)) {
		row := strings.Split(line, "\t")
		if row[1] != "lockdown" && row[1] != "iboot" {
			continue
		}
		number, _, _ := strings.Cut(row[0], "-")
		want, ok := expectations[number]
		if delete(unused, number); !ok {
			want = expectation{productType: row[2], version: notDash(row[3]), build: notDash(row[4]), why: "INDEX.tsv"}
		}
		if want.refused == nil {
			read++
		}
		t.Run(row[0], func(t *testing.T) { checkSpecimen(t, filepath.Join(dir, row[0]), want) })
	}
	assert.Empty(t, unused, "expectations without a specimen")
	assert.Equal(t, 52, read, "specimens that are understood")
}

func notDash(s string) string { return strings.TrimPrefix(s, "-") }

func checkSpecimen(t *testing.T, path string, want expectation) {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	readings, err := inspect.ReadDump(data)
	if want.refused != nil {
		require.ErrorIs(t, err, want.refused, want.why)
		return
	}
	require.NoError(t, err, want.why)
	require.NotEmpty(t, readings)
	for _, r := range readings {
		require.NoError(t, r.Err)
		assert.Equal(t, want.productType, r.Facts.ProductType.Value, want.why)
		assert.Equal(t, want.version, r.Facts.InstalledVersion.Value, want.why)
		assert.Equal(t, want.build, r.Facts.InstalledBuild.Value, want.why)
		assert.NotEmpty(t, diag.NewCase(r.Facts).Outcome().Risk, "a verdict")
	}
}

// What is neither lockdown values nor an iBoot string is refused: restore logs,
// what goes over usbmuxd's socket, and the documents beside them. None panics.
func TestSpecimensOfOtherKinds(t *testing.T) {
	dir, seen := specimens(t), 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		kind := filepath.Base(filepath.Dir(path))
		if err != nil || entry.IsDir() || kind == "lockdown" || kind == "iboot" {
			return err
		}
		seen++
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		readings, err := inspect.ReadDump(data)
		assert.Empty(t, readings, path)
		if assert.Error(t, err, path) {
			requireRefusal(t, err)
		}
		return nil
	})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, seen, 50)
}
