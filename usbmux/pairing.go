package usbmux

import (
	"context"
	"errors"
	"strings"
)

// ReadBUID reads the id of this host, which is part of every pair record that it
// makes. A daemon that has none makes one ([MUXD] src/conf.c).
//
// Errors: as ListDevices.
func (c *Client) ReadBUID(ctx context.Context) (string, error) {
	answer, err := c.ask(ctx, newRequest(readBUID))
	if err != nil {
		return "", opError("read BUID", err)
	}
	buid, ok := answer.String("BUID")
	if !ok {
		return "", opError("read BUID", refusal(answer, readBUID, "BUID"))
	}
	return buid, nil
}

// ReadPairRecord reads what this host keeps of its trust with the phone. udid is
// Device.UDID.
//
// Errors: as ListDevices, ErrNoRecord where the host has none, ErrProtocol where it is
// no record.
func (c *Client) ReadPairRecord(ctx context.Context, udid string) (PairRecord, error) {
	record, err := c.readPairRecord(ctx, udid)
	return record, opError("read pair record", err)
}

func (c *Client) readPairRecord(ctx context.Context, udid string) (PairRecord, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	d, err := c.open(ctx)
	if err != nil {
		return PairRecord{}, err
	}
	defer d.conn.Close()
	return d.readPairRecord(ctx, udid)
}

func (d *daemon) readPairRecord(ctx context.Context, udid string) (PairRecord, error) {
	if !mayName(udid) {
		return PairRecord{}, errNotUDID
	}
	answer, err := d.request(ctx, newPairing(readPairRecord, udid))
	if err != nil {
		return PairRecord{}, err
	}
	data, ok := answer.Data("PairRecordData")
	if !ok {
		return PairRecord{}, refusal(answer, readPairRecord, "PairRecordData")
	}
	return NewPairRecord(data)
}

// SavePairRecord makes this host keep a record, in place of the one it may have. It
// changes what is on the host, nothing on the phone; only the command that pairs may
// use it. With a deviceID other than 0, which must be the phone's, listeners are told
// Paired.
//
// Errors: as ListDevices, and ErrPermission where the daemon cannot write.
func (c *Client) SavePairRecord(ctx context.Context, udid string, record PairRecord, deviceID uint32) error {
	r := newPairing(savePairRecord, udid)
	r.PairRecordData, r.DeviceID = record.Bytes(), deviceID
	return opError("save pair record", c.pairing(ctx, r))
}

// DeletePairRecord makes this host forget its record; the phone keeps its side. It
// changes what is on the host; only the command that pairs may use it.
//
// Errors: as ListDevices, and ErrNoRecord where there was none.
func (c *Client) DeletePairRecord(ctx context.Context, udid string) error {
	return opError("delete pair record", c.pairing(ctx, newPairing(deletePairRecord, udid)))
}

// pairing sends a request whose answer is a Result.
func (c *Client) pairing(ctx context.Context, r request) error {
	if !mayName(r.PairRecordID) {
		return errNotUDID
	}
	answer, err := c.ask(ctx, r)
	if err != nil {
		return err
	}
	return result(answer, r.MessageType)
}

var errNotUDID = errors.New("not a UDID")

// mayName tells whether a record may go by that name. The daemon makes a file name of
// it and does not look at it ([MUXD] src/conf.c), while the phone is free to call itself
// "../x".
func mayName(udid string) bool {
	return udid != "" && len(udid) <= maxText && strings.Trim(udid, udidCharacters) == ""
}

// udidCharacters are those of UDIDs, and of what an Apple TV on the network has for one.
const udidCharacters = "0123456789abcdefABCDEF-:"
