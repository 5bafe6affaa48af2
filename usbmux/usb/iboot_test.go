package usb_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"error53/usbmux/usb"
)

// The serials and ECIDs of these strings are invented.
const (
	dfu      = "CPID:7000 CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:00000A1B2C3D4E5F IBFL:1C SRTG:[iBoot-1992.0.0.1.19]"
	recovery = "SDOM:01 CPID:8015 CPRV:11 CPFM:03 SCEP:01 BDID:0C ECID:00000A1B2C3D4E5F IBFL:3D SRNM:[F2LTEST00001]"
)

func TestParseIBoot(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     usb.IBoot // Fields are checked apart
		mode     usb.Mode
	}{
		{
			"boot ROM", dfu,
			usb.IBoot{CPID: 0x7000, BDID: 6, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRTG: "iBoot-1992.0.0.1.19"},
			usb.DFU,
		},
		{
			"recovery with the security domain first", recovery,
			usb.IBoot{CPID: 0x8015, BDID: 0xc, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRNM: "F2LTEST00001"},
			usb.Recovery,
		},
		{
			"exploited boot ROM", dfu + " PWND:[checkm8]",
			usb.IBoot{CPID: 0x7000, BDID: 6, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRTG: "iBoot-1992.0.0.1.19", PWND: "checkm8"},
			usb.DFU,
		},
		{
			"brackets hold blanks and fields", "CPID:8010 BDID:08 SRNM:[A B CPID:7000] SRTG:[]",
			usb.IBoot{CPID: 0x8010, BDID: 8, HasBDID: true, SRNM: "A B CPID:7000"},
			usb.Recovery,
		},
		{
			"no blank after a bracket", "CPID:8010 BDID:08 SRTG:[iBoot-2696.0.0.1.33]PWND:[x]",
			usb.IBoot{CPID: 0x8010, BDID: 8, HasBDID: true, SRTG: "iBoot-2696.0.0.1.33", PWND: "x"},
			usb.DFU,
		},
		{
			"board id 0 is known", "CPID:8960 BDID:00",
			usb.IBoot{CPID: 0x8960, HasBDID: true},
			usb.Unknown,
		},
		{
			"board id missing", "CPID:8960 IBFL:00",
			usb.IBoot{CPID: 0x8960},
			usb.Unknown,
		},
		{
			"board id of more than 8 bits", "CPID:8120 BDID:3e10",
			usb.IBoot{CPID: 0x8120, BDID: 0x3e10, HasBDID: true},
			usb.Unknown,
		},
		{
			"both tags at once", "CPID:8960 BDID:02 SRTG:[iBoot-1704.10] SRNM:[F2LTEST00001]",
			usb.IBoot{CPID: 0x8960, BDID: 2, HasBDID: true, SRTG: "iBoot-1704.10", SRNM: "F2LTEST00001"},
			usb.Unknown,
		},
		{
			"Windows device path", `\\?\usb#vid_05ac&pid_1281&mi_00#7&1a2b3c4d&3&0000#{ed82a167-0000}\usb#vid_05ac&pid_1281` +
				`#sdom:01_cpid:8015_cprv:11_cpfm:03_scep:01_bdid:0c_ecid:00000a1b2c3d4e5f_ibfl:3d_srnm:[f2ltest00001]#mux1`,
			usb.IBoot{CPID: 0x8015, BDID: 0xc, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRNM: "F2LTEST00001"},
			usb.Recovery,
		},
		{
			"lower case boot ROM", strings.ToLower(dfu),
			usb.IBoot{CPID: 0x7000, BDID: 6, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRTG: "iBoot-1992.0.0.1.19"},
			usb.DFU,
		},
		{
			"0x and another order over two lines", "CPID:0x8930 CPRV:0x20 BDID:0x02 ECID:0x00000A1B2C3D4E5F IBFL:0x00\nSRTG:[iBoot-574.4] ",
			usb.IBoot{CPID: 0x8930, BDID: 2, HasBDID: true, ECID: 0xa1b2c3d4e5f, HasECID: true, SRTG: "iBoot-574.4"},
			usb.DFU,
		},
		{
			"blanks, commas and STRG", "[main] CPID: 0x8930, BDID: 0x08, STRG: [iBoot-574.4]",
			usb.IBoot{CPID: 0x8930, BDID: 8, HasBDID: true, SRTG: "iBoot-574.4"},
			usb.DFU,
		},
		{
			"text in front", "Found: CPID:8000 CPRV:20 BDID:04 ECID:1 SRTG:[iBoot-2234.0.0.3.3]",
			usb.IBoot{CPID: 0x8000, BDID: 4, HasBDID: true, ECID: 1, HasECID: true, SRTG: "iBoot-2234.0.0.3.3"},
			usb.DFU,
		},
		{
			"console banner", "::\tUSB_SERIAL_NUMBER: SDOM:01 CPID:8010 BDID:0C SRNM:[1234]",
			usb.IBoot{CPID: 0x8010, BDID: 0xc, HasBDID: true, SRNM: "1234"},
			usb.Recovery,
		},
		{
			"first of two counts", "CPID:8010 BDID:08 CPID:7000 BDID:06",
			usb.IBoot{CPID: 0x8010, BDID: 8, HasBDID: true},
			usb.Unknown,
		},
		{
			"no value printed as N/A", "CPID:8003 BDID:02 SRTG:N/A SRNM:[F2LTEST00001]",
			usb.IBoot{CPID: 0x8003, BDID: 2, HasBDID: true, SRNM: "F2LTEST00001"},
			usb.Recovery,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := usb.ParseIBoot(tt.in)
			require.NoError(t, err)
			assert.Equal(t, tt.mode, got.Mode())
			got.Fields = nil
			assert.Equal(t, tt.want, got)
		})
	}
}

// People mask the ECID before they post it; a mask is not an ECID.
func TestParseIBootMaskedECID(t *testing.T) {
	t.Parallel()
	masks := []string{
		"XXXXXXXXXXXXXXXX", "00XXXXXXXXXXXXXX", "XXXXXX", "****************", "REDACTED", "[redacted]", "...", "0x...",
		"0000000000000000", "00000000000000", "0x0", "11112222333344445", "",
	}
	for _, mask := range masks {
		t.Run(mask, func(t *testing.T) {
			got, err := usb.ParseIBoot("CPID:8010 BDID:0C ECID:" + mask + " IBFL:3C SRTG:[iBoot-2696.0.0.1.33]")
			require.NoError(t, err)
			assert.False(t, got.HasECID)
			assert.Zero(t, got.ECID)
			assert.Equal(t, uint32(0x8010), got.CPID)
			assert.Equal(t, "iBoot-2696.0.0.1.33", got.SRTG)
		})
	}
}

func TestParseIBootFields(t *testing.T) {
	t.Parallel()
	got, err := usb.ParseIBoot("SDOM:01 CPID:8120 CPRV:11 CPFM:03 SCEP:01 BDID:0E IBFL:3C SIKA:00 IMEI:[000000000000000] NONC:0a0b SNON:0c0d ABCD:77")
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"SDOM": "01", "CPID": "8120", "CPRV": "11", "CPFM": "03", "SCEP": "01", "BDID": "0E", "IBFL": "3C",
		"SIKA": "00", "IMEI": "000000000000000", "NONC": "0a0b", "SNON": "0c0d",
	}, got.Fields)
}

func TestParseIBootRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in string }{
		{"empty", ""},
		{"UDID of normal mode", "0000000000000000000000000000000000000000"},
		{"product string in place of the serial", "Apple Mobile Device (DFU Mode)"},
		{"nonces alone", "NONC:0a0b SNON:0c0d"},
		{"no CPID", "CPRV:11 CPFM:03 SCEP:01 BDID:06 ECID:00000A1B2C3D4E5F"},
		{"CPID 0", "CPID:0000 BDID:00"},
		{"CPID not hexadecimal", "CPID:70G0 BDID:06"},
		{"CPID masked", "CPID:XXXX BDID:06"},
		{"CPID too large", "CPID:170000000 BDID:06"},
		{"CPID within a word", "XCPID:7000 BDID:06"},
		{"control characters", "C@\x17Y)e"},
		{"control characters behind a good start", dfu + "\x00\x86\x04"},
		{"not UTF-8", "CPID:8010 BDID:08 \xbfV"},
		{"too long", "CPID:8010 " + strings.Repeat("x", usb.MaxIBootLength)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := usb.ParseIBoot(tt.in)
			require.ErrorIs(t, err, usb.ErrNotIBoot)
			assert.Zero(t, got)
			assert.NotContains(t, err.Error(), "A1B2C3D4E5F", "errors hold no identifiers")
		})
	}
}

// Each line of the specimens that names a chip and a board is understood.
func TestParseIBootSpecimens(t *testing.T) {
	dir := os.Getenv("ERROR53_SPECIMENS")
	if dir == "" {
		t.Skip("ERROR53_SPECIMENS does not name the folder of specimens")
	}
	files, err := filepath.Glob(filepath.Join(dir, "iboot", "*"))
	require.NoError(t, err)
	read := 0
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.ToUpper(lines.Text())
			got, err := usb.ParseIBoot(lines.Text())
			if !strings.Contains(line, "CPID:") || !strings.Contains(line, "BDID:") {
				continue
			}
			read++
			if assert.NoError(t, err, file) {
				assert.True(t, got.HasBDID, file)
			}
		}
		require.NoError(t, f.Close())
	}
	assert.GreaterOrEqual(t, read, 25, "strings found in the specimens")
}

func FuzzParseIBoot(f *testing.F) {
	for _, seed := range []string{
		dfu, recovery, strings.ToLower(recovery), dfu + " PWND:[checkm8]", "CPID:8960", "CPID: 0x8930, BDID: 0x08, STRG: [iBoot-574.4]",
		"#sdom:01_cpid:8015_bdid:0c_srnm:[f2ltest00001]#mux1", "CPID:8010 ECID:[redacted] SRNM:[]", "C@\x17Y)e", "CPID:[[7000]] BDID:]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := usb.ParseIBoot(s)
		if err != nil {
			require.ErrorIs(t, err, usb.ErrNotIBoot)
			require.Zero(t, b)
			return
		}
		require.NotZero(t, b.CPID)
		require.Equal(t, b.HasECID, b.ECID != 0)
		require.LessOrEqual(t, len(s), usb.MaxIBootLength)
		for key, value := range b.Fields {
			require.Len(t, key, 4)
			require.NotEmpty(t, value)
		}
	})
}
