package usbmux

// Frame is a message as it passes in plain text, also where TLS carries it.
type Frame struct {
	Connection int    // counted from 1 in the order in which they were opened
	DeviceID   uint32 // of the phone at the other end; 0 = usbmuxd is
	Port       uint16 // of the phone; 0 = usbmuxd
	Sent       bool   // by this end
	TLS        bool
	Payload    []byte // the property list; not to be kept beyond the call
}

// tap shows the messages of a connection to the Tap of its Client.
type tap struct {
	show    func(Frame)
	frame   Frame  // what all of them have in common
	partial []byte // what was written of a frame so far: go-ios writes the header apart
}

func (c *Client) newTap() *tap {
	number := c.opened.Add(1)
	if c.Tap == nil {
		return nil
	}
	return &tap{show: c.Tap, frame: Frame{Connection: int(number)}}
}

func (t *tap) connected(deviceID uint32, port uint16) {
	if t != nil {
		t.frame.DeviceID, t.frame.Port = deviceID, port
	}
}

func (t *tap) secured() {
	if t != nil {
		t.frame.TLS = true
	}
}

func (t *tap) pass(payload []byte, sent bool) {
	if t != nil {
		f := t.frame
		f.Payload, f.Sent = payload, sent
		t.show(f)
	}
}

// written collects what is written until it is a frame.
func (t *tap) written(p []byte, framing framing) {
	if t == nil {
		return
	}
	t.partial = append(t.partial, p...)
	h := framing.headerSize()
	if len(t.partial) < h {
		return
	}
	size, err := framing.payloadSize(t.partial)
	if err == nil && len(t.partial) < h+size {
		return
	}
	if err == nil {
		t.pass(t.partial[h:], true)
	}
	t.partial = nil
}
