package lockdown

import (
	"context"
	"fmt"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// Values reads every value of a domain that the phone gives, which without a session are
// few; the empty domain is the global one, with ProductType and ProductVersion.
//
// Errors: as GetValue; ErrProtocol of usbmux where the answer is no dictionary.
func (c *Client) Values(ctx context.Context, domain string) (plist.Dict, error) {
	req := newGetValue(domain, "")
	value, err := c.value(ctx, req)
	if err != nil {
		return nil, opError(req.op(), err)
	}
	values, ok := value.(plist.Dict)
	if !ok {
		return nil, opError(req.op(), fmt.Errorf("%w: the values are no dictionary", usbmux.ErrProtocol))
	}
	return values, nil
}

// GetValue reads one value: a string, bool, int64 or uint64, float64, []byte,
// time.Time, []any or plist.Dict. domain may be empty.
//
// Errors: OpError around an Error (ErrMissingValue, ErrGetProhibited and so on), around
// ErrMissingValue where the answer holds no value, around ErrNotLockdown, with nothing
// sent, after restored has answered QueryType, or an error of usbmux.
func (c *Client) GetValue(ctx context.Context, domain, key string) (any, error) {
	req := newGetValue(domain, key)
	value, err := c.value(ctx, req)
	return value, opError(req.op(), err)
}

func (c *Client) value(ctx context.Context, req request) (any, error) {
	if c.restored.Load() {
		return nil, fmt.Errorf("%w: restored has no values", ErrNotLockdown)
	}
	answer, err := c.ask(ctx, req)
	if err != nil {
		return nil, err
	}
	value, ok := answer["Value"]
	if !ok || value == nil {
		return nil, ErrMissingValue
	}
	return value, nil
}
