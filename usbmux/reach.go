package usbmux

import (
	"context"
	"fmt"
	"time"
)

// Reached is a connection to a port of a phone, and what this host keeps of the phone.
type Reached struct {
	Conn      *Conn
	Record    PairRecord // zero where RecordErr is not nil
	RecordErr error      // ErrNoRecord, or why the record could not be read
}

// Reach is ReadPairRecord and then Connect, on one connection to the daemon, which takes
// requests until the one to connect ([MUXD] client_command; go-ios does the same). A
// record that cannot be had is no failure: the phone is reached all the same, over a
// second connection where the first did not outlive the question. A daemon that does not
// answer the question gets half of the time for it.
//
// Errors: those of Connect.
func (c *Client) Reach(ctx context.Context, d Device, port uint16) (Reached, error) {
	reached, err := c.reach(ctx, d, port)
	return reached, opError("connect", err)
}

func (c *Client) reach(ctx context.Context, d Device, port uint16) (Reached, error) {
	bound, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	daemon, err := c.open(bound)
	if err != nil {
		return Reached{}, err
	}
	var r Reached
	r.Record, r.RecordErr = daemon.recordOf(bound, d)
	if daemon.conn.closed.Load() {
		r.Conn, err = c.connect(ctx, d.ID, port)
	} else {
		r.Conn, err = daemon.connect(bound, d.ID, port)
	}
	return r, err
}

// recordOf asks for the record of a phone that shows its UDID.
func (d *daemon) recordOf(ctx context.Context, phone Device) (PairRecord, error) {
	if phone.Restore() || phone.SerialNumber == "" {
		return PairRecord{}, fmt.Errorf("%w: the phone does not show its UDID", ErrNoRecord)
	}
	deadline, _ := ctx.Deadline() // there always is one
	ctx, cancel := context.WithTimeout(ctx, time.Until(deadline)/2)
	defer cancel()
	record, err := d.readPairRecord(ctx, phone.UDID())
	return record, opError("read pair record", err)
}
