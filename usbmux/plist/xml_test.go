package plist_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/usbmux/plist"
)

// TestCheckXMLStructure: what the decoder would skip, merge or guess at is
// refused, so that what it makes of a message is what the message says.
func TestCheckXMLStructure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		data []byte
		ok   bool
	}{
		{"an empty dictionary", xmlList("<dict/>"), true},
		{"an empty list", xmlList("<array></array>"), true},
		{"comments and blanks anywhere", xmlList("\n<!-- a --><dict>\t<!-- b --><key>k</key><!-- c --><true/>\r\n</dict><!-- d -->"), true},
		{"a comment within text", xmlList("<string>a<!-- b -->c</string>"), true},
		{"a CDATA section", xmlList("<string><![CDATA[<dict>&]]></string>"), true},
		{"blanks within an end tag", xmlList("<string></string >"), true},
		{"a comment behind the end", append(xmlList("<true/>"), "<!-- end -->\n"...), true},
		{"zero bytes behind the end", append(xmlList("<true/>"), 0, 0), true},
		{"no version", []byte("<plist><true/></plist>"), true},
		{"another version", []byte("<plist version='0.9'><true/></plist>"), true},
		{"the lockdown answer", lockdownAnswer, true},

		{"a value behind the value", xmlList("<true/><true/>"), false},
		{"no value", xmlList(""), false},
		{"no value, short form", []byte("<plist/>"), false},
		{"a key as the value", xmlList("<key>a</key>"), false},
		{"a key in a list", xmlList("<array><key>a</key></array>"), false},
		{"a value without a key", xmlList("<dict><true/></dict>"), false},
		{"a key without a value", xmlList("<dict><key>a</key></dict>"), false},
		{"two keys for a value", xmlList("<dict><key>a</key><key>b</key><true/></dict>"), false},
		{"two values for a key", xmlList("<dict><key>a</key><true/><true/></dict>"), false},
		{"an element within text", xmlList("<string>a<true/>b</string>"), false},
		{"an element within true", xmlList("<true><true/></true>"), false},
		{"a list within a list", xmlList("<array><plist><true/></plist></array>"), false},
		{"text between elements", xmlList("<array>a<true/></array>"), false},
		{"an attribute of a value", xmlList(`<array id="1"/>`), false},
		{"more than one attribute", []byte(`<plist version="1.0" xmlns="x"><true/></plist>`), false},
		{"an unknown element", xmlList("<null/>"), false},
		{"an element of another case", xmlList("<Dict/>"), false},
		{"an element with a prefix", xmlList("<p:true/>"), false},
		{"an end tag with a prefix", xmlList("<true></p:true>"), false},
		{"another root", []byte(`<?xml version="1.0"?><dict/>`), false},
		{"a root that starts alike", []byte("<plists><true/></plists>"), false},
		{"no element", []byte(xmlHead), false},
		{"text before the root", []byte(`<?xml version="1.0"?>a<plist><true/></plist>`), false},
		{"text behind the end", append(xmlList("<true/>"), "garbage"...), false},
		{"a second list", append(xmlList("<true/>"), xmlList("<true/>")...), false},
		{"a second <plist>", append(xmlList("<true/>"), "<plist><true/></plist>"...), false},
		{"a declaration in the middle", xmlList("<!DOCTYPE plist><true/>"), false},
		{"an instruction behind the end", append(xmlList("<true/>"), "<?a?>"...), false},
		{"an end tag too many", append(xmlList("<true/>"), "</plist>"...), false},
		{"end tags crossed", xmlList("<array><dict></array></dict>"), false},
		{"a missing end tag", []byte("<plist><array><true/></plist>"), false},
		{"the end cut off", lockdownAnswer[:len(lockdownAnswer)-20], false},
		{"cut in the middle of a tag", lockdownAnswer[:len(lockdownAnswer)-5], false},
		{"cut in the middle of a value", lockdownAnswer[:1000], false},
		{"another encoding", []byte(`<?xml version="1.0" encoding="ISO-8859-1"?><plist><true/></plist>`), false},
		{"XML 1.1", []byte(`<?xml version="1.1"?><plist><true/></plist>`), false},
		{"an entity of its own", []byte(`<!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>`), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := plist.Decode(test.data)
			if test.ok {
				assert.NoError(t, plist.Check(test.data))
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, plist.Check(test.data), plist.ErrSyntax)
			assert.ErrorIs(t, err, plist.ErrSyntax)
		})
	}
}
