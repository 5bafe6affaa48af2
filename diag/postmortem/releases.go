package postmortem

import (
	"strings"

	"error53/diag"
)

// releases tell which iOS was on the phone, and which was being installed.
var releases = []rule{
	{words: "Product Version: ", read: func(r *recorder, h hit) { // [IDR] since 2024 with a word in front
		if strings.HasSuffix(h.before(), "Device ") {
			r.base.version.take(versionIn(h.behind()), saidOutright, r.mark(h))
			return
		}
		r.target.version.take(versionIn(h.behind()), saidOutright, r.mark(h))
	}},
	{words: "Product Build: ", read: func(r *recorder, h hit) {
		if strings.HasSuffix(h.before(), "Device ") {
			r.base.build.take(buildIn(h.behind()), saidOutright, r.mark(h))
			return
		}
		r.target.build.take(buildIn(h.behind()), saidOutright, r.mark(h))
	}},
	{words: "Firmware version: ", read: func(r *recorder, h hit) { // 3uTools
		r.target.version.take(versionIn(h.behind()), saidOutright, r.mark(h))
	}},
	// iTunes up to 11 names builds: "iTunes: Software payload version: 13B143 (option key)".
	{words: "Current software version: ", read: func(r *recorder, h hit) { r.base.take(h.behind(), r.mark(h)) }},
	{words: "Software payload version: ", read: func(r *recorder, h hit) { r.target.take(h.behind(), r.mark(h)) }},
	// The restore ramdisk: the build of the system it is about to replace.
	{words: "previous OS version: ", read: func(r *recorder, h hit) { r.base.take(h.behind(), r.mark(h)) }},
	{words: "_Restore", read: (*recorder).takeIPSW},
	{words: "## ", read: func(r *recorder, h hit) {
		if version, build, ok := strings.Cut(token(h.behind()), "_"); ok && h.from == 0 {
			r.target.takeFile(version, build, r.mark(h))
		}
	}},
}

// release is what lines say of one version of iOS.
type release struct{ version, build claim }

// take takes a build or a version, whichever it is.
func (rel *release) take(text string, line mark) {
	rel.build.take(buildIn(text), saidOutright, line)
	rel.version.take(versionIn(text), saidOutright, line)
}

func (rel *release) takeFile(version, build string, line mark) {
	if version, build = versionIn(version), buildIn(build); version != "" && build != "" {
		rel.version.take(version, fromFileName, line)
		rel.build.take(build, fromFileName, line)
	}
}

// line is one that tells the release.
func (rel *release) line() mark {
	if rel.version.line.text != "" {
		return rel.version.line
	}
	return rel.build.line
}

// takeIPSW reads the name of an IPSW: iPhone7,2_9.1_13B143_Restore.ipsw. A name that stands
// for several models (iPhone_4.7_…) names none.
func (r *recorder) takeIPSW(h hit) {
	name := h.before()
	if at := strings.LastIndexAny(name, "/\\ \"'=("); at >= 0 {
		name = name[at+1:]
	}
	parts := strings.Split(name, "_")
	if len(parts) < 3 {
		return
	}
	model, version, build := strings.Join(parts[:len(parts)-2], "_"), parts[len(parts)-2], parts[len(parts)-1]
	if versionIn(version) == "" || buildIn(build) == "" {
		return
	}
	r.target.takeFile(version, build, r.mark(h))
	r.device.take(productTypeIn(model), fromFileName, r.mark(h))
}

// resolve looks up the version of a build that stands alone.
func (rel *release) resolve(productType string) {
	if rel.version.value != "" || rel.build.value == "" {
		return
	}
	if d, ok := diag.DeviceByType(productType); ok {
		rel.version.value, _ = d.VersionOf(rel.build.value)
		return
	}
	for _, d := range diag.Devices() {
		if version, ok := d.VersionOf(rel.build.value); ok {
			rel.version.value = version
			return
		}
	}
}
