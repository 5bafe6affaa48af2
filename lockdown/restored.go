package lockdown

import (
	"context"
	"fmt"
	"math"

	"error53/usbmux/plist"
)

// HardwareInfo is what restored tells of the board. What it left out is zero.
// [RESTORE] restored_query_value; keys as idevicerestore and pymobiledevice3
// (restore/restored_client.py) read them.
type HardwareInfo struct {
	ECID    uint64 // UniqueChipID, which restored writes as a signed number at times
	ChipID  uint32 // CPID
	BoardID uint32 // BDID
}

// SavedDebugInfo is what the restore ramdisk kept of the run before. What it left out
// is empty. [IDEVICERESTORE] restore_device reads these keys.
type SavedDebugInfo struct {
	PreviousExitStatus string
	USBLog             string
	PanicLog           string
}

// HardwareInfo asks restored for the board's ids.
//
// It may be called only where the operator named this very phone: a phone in restore
// mode may be in the middle of a restore by another program, which even a reading
// request could disturb. A list, a watch, or a check of all phones stops at QueryType.
//
// Errors: OpError around ErrNotLockdown, with nothing sent, unless restored has
// answered QueryType on this connection; around ErrMissingValue; an Error; or an error
// of usbmux.
func (c *Client) HardwareInfo(ctx context.Context) (HardwareInfo, error) {
	d, err := c.query(ctx, "HardwareInfo")
	if err != nil {
		return HardwareInfo{}, err
	}
	var info HardwareInfo
	info.ECID, _ = d.Uint64("UniqueChipID")
	info.ChipID = id32(d, "ChipID")
	info.BoardID = id32(d, "BoardID")
	return info, nil
}

// SavedDebugInfo asks restored for the traces of the run before. The rule and the
// errors of HardwareInfo hold.
func (c *Client) SavedDebugInfo(ctx context.Context) (SavedDebugInfo, error) {
	d, err := c.query(ctx, "SavedDebugInfo")
	if err != nil {
		return SavedDebugInfo{}, err
	}
	var info SavedDebugInfo
	info.PreviousExitStatus, _ = d.String("PreviousExitStatus")
	info.USBLog, _ = d.String("USBLog")
	info.PanicLog, _ = d.String("PanicLog")
	return info, nil
}

// query gives the dictionary that restored answers under the key asked for.
func (c *Client) query(ctx context.Context, key string) (plist.Dict, error) {
	req := newQueryValue(key)
	if !c.restored.Load() {
		return nil, opError(req.op(), fmt.Errorf("%w: restored has not said that it is there", ErrNotLockdown))
	}
	answer, err := c.ask(ctx, req)
	if err != nil {
		return nil, opError(req.op(), err)
	}
	d, ok := answer.Dict(key)
	if !ok {
		return nil, opError(req.op(), ErrMissingValue)
	}
	return d, nil
}

// id32 is 0 for what is absent, no integer, or does not fit.
func id32(d plist.Dict, key string) uint32 {
	n, ok := d.Uint64(key)
	if !ok || n > math.MaxUint32 {
		return 0
	}
	return uint32(n)
}
