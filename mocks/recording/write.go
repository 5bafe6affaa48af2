package recording

import (
	"bytes"
	"fmt"
	"strings"

	"error53/usbmux/plist"
)

// Version is that of the form of file that this package reads and writes.
const Version = 1

const (
	magic   = "error53 recording "
	request = "> "
	answer  = "<"
	inTLS   = "-- TLS"
	heading = "== "
)

// fields are the lines of the head, in their order.
func (h *Header) fields() []struct {
	key   string
	value *string
} {
	return []struct {
		key   string
		value *string
	}{
		{"tool", &h.Tool}, {"model", &h.Model}, {"ios", &h.IOS}, {"mode", &h.Mode},
		{"trust", &h.Trust}, {"taken", &h.Taken}, {"masked", &h.Masked},
	}
}

// Bytes is the file. It fails where a message cannot be written as a property list.
func (r Recording) Bytes() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%d\n", magic, Version)
	for _, field := range r.Header.fields() {
		if *field.value != "" {
			fmt.Fprintf(&b, "%s: %s\n", field.key, oneLine(*field.value))
		}
	}
	for i, flow := range r.Flows {
		fmt.Fprintf(&b, "\n%s%d %s\n", heading, i+1, oneLine(flow.Speaker))
		if err := flow.write(&b); err != nil {
			return nil, fmt.Errorf("recording: flow %d: %w", i+1, err)
		}
	}
	return b.Bytes(), nil
}

func (f Flow) write(b *bytes.Buffer) error {
	secure := false
	for _, x := range f.Exchanges {
		if x.TLS && !secure {
			fmt.Fprintln(b, inTLS)
		}
		secure = x.TLS
		if err := x.write(b); err != nil {
			return err
		}
	}
	return nil
}

func (x Exchange) write(b *bytes.Buffer) error {
	if x.Request != nil {
		fmt.Fprintf(b, "%s%s\n", request, oneLine(x.Name()))
		if err := writeBody(b, x.Request); err != nil {
			return err
		}
	}
	if x.Answer == nil {
		return nil
	}
	fmt.Fprintln(b, answer)
	return writeBody(b, x.Answer)
}

// The lines around the value in every XML property list.
var head, foot = func() (head, foot string) {
	text, _ := plist.EncodeXML(plist.Dict{})
	head, foot, _ = strings.Cut(string(text), "\t<dict>\n\t</dict>\n")
	return head, foot
}()

// writeBody writes a message; each of its lines begins with a tab.
func writeBody(b *bytes.Buffer, message plist.Dict) error {
	text, err := plist.EncodeXML(message)
	if err != nil {
		return err
	}
	text = bytes.TrimPrefix(text, []byte(head))
	body, _ := bytes.CutSuffix(text, []byte(strings.TrimSuffix(foot, "\n")))
	b.Write(body)
	return nil
}

// oneLine keeps what is not ours from making lines.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
