package recording

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"error53/diag"
	"error53/mocks"
	"error53/usbmux/plist"
)

// ErrNotVirtual: no virtual phone can be made of the recording.
var ErrNotVirtual = errors.New("no virtual phone")

// Phone makes a virtual phone that says what the recorded one said. It trusts the
// bench's host where that one trusted its own.
//
// Errors: ErrNotVirtual.
func (r Recording) Phone() (mocks.Phone, error) {
	b := builder{phone: mocks.Phone{
		Mode: diag.Normal, Values: plist.Dict{}, Domains: map[string]plist.Dict{}, Public: []string{},
		Errors: map[string]string{}, MobileGestalt: plist.Dict{}, IORegistry: map[string]plist.Dict{},
	}}
	for _, flow := range r.Flows {
		for _, x := range flow.Exchanges {
			if err := b.add(flow.Speaker, x); err != nil {
				return mocks.Phone{}, fmt.Errorf("recording: %w: %w", ErrNotVirtual, err)
			}
		}
	}
	if !b.reached {
		return mocks.Phone{}, fmt.Errorf("recording: %w: nothing was said", ErrNotVirtual)
	}
	return b.finish(), nil
}

// builder makes a phone of what was said.
type builder struct {
	phone    mocks.Phone
	reached  bool // lockdownd or restored spoke
	session  bool
	recorded bool // the host kept a pair record
	entered  bool // a session was asked for
}

func (b *builder) add(speaker string, x Exchange) error {
	switch speaker {
	case Usbmuxd:
		return b.usbmuxd(x)
	case Lockdownd:
		b.reached = true
		return b.lockdownd(x)
	case Restored:
		b.reached = true
		b.restored(x)
		return nil
	case USB:
		return b.shown(x)
	}
	return b.service(x)
}

func (b *builder) usbmuxd(x Exchange) error {
	switch x.Name() {
	case "ListDevices":
		list, _ := x.Answer.List("DeviceList")
		if len(list) != 1 {
			return errors.New("the list has not one phone")
		}
		entry, _ := list[0].(plist.Dict)
		b.listed(entry)
	case "ReadPairRecord":
		_, b.recorded = x.Answer.Data("PairRecordData")
	}
	return nil
}

// listed takes what usbmuxd tells of the phone.
func (b *builder) listed(entry plist.Dict) {
	properties, ok := entry.Dict("Properties")
	if !ok {
		properties = entry
	}
	b.phone.UDID, _ = properties.String("SerialNumber")
	b.phone.ConnectionType, _ = properties.String("ConnectionType")
	product, _ := properties.Uint64("ProductID")
	location, _ := properties.Uint64("LocationID")
	b.phone.ProductID, b.phone.LocationID = uint16(product), uint32(location)
}

func (b *builder) lockdownd(x Exchange) error {
	switch x.Name() {
	case "GetValue":
		return b.value(x)
	case "StartSession":
		return b.startSession(x)
	case "StartService":
		b.startService(x)
	}
	return nil
}

// value takes a value, a domain, or the error given instead.
func (b *builder) value(x Exchange) error {
	domain, _ := x.Request.String("Domain")
	key, byKey := x.Request.String("Key")
	if failure, refused := x.Answer.String("Error"); refused {
		return b.refused(domain, key, failure)
	}
	values := plist.Dict{key: x.Answer["Value"]}
	if !byKey {
		values, _ = x.Answer.Dict("Value")
	}
	switch {
	case values == nil:
		return errors.New("the values of a domain are no dictionary")
	case domain == "":
		maps.Copy(b.phone.Values, values)
	default:
		b.domain(domain, values)
	}
	if !b.session {
		b.publish(domain, values)
	}
	return nil
}

func (b *builder) domain(name string, values plist.Dict) {
	if b.phone.Domains[name] == nil {
		b.phone.Domains[name] = plist.Dict{}
	}
	maps.Copy(b.phone.Domains[name], values)
}

// publish notes what a host without a session may read.
func (b *builder) publish(domain string, values plist.Dict) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if domain != "" {
			key = domain + "/" + key
		}
		b.phone.Public = append(b.phone.Public, key)
	}
}

func (b *builder) refused(domain, key, failure string) error {
	name := domain
	if key != "" {
		name = key
		if domain != "" {
			name = domain + "/" + key
		}
	}
	if b.session && name == "" {
		return errors.New("its values were refused in a session, and not before")
	}
	b.phone.Errors[name] = failure
	return nil
}

func (b *builder) startSession(x Exchange) error {
	if b.entered { // once more, after a handshake that failed: it speaks TLS 1.0 alone
		b.phone.TLS = mocks.OldTLS
	}
	b.entered = true
	failure, refused := x.Answer.String("Error")
	switch {
	case !refused:
		b.session = true
	case failure == "InvalidHostID":
		b.phone.Trust.State = mocks.Stale
	case failure == "PasswordProtected":
		b.phone.Trust.Locked = true
	default:
		return errors.New("a session was refused in a way that virtual phones do not know")
	}
	return nil
}

func (b *builder) startService(x Exchange) {
	name, _ := x.Request.String("Service")
	if failure, refused := x.Answer.String("Error"); refused {
		b.phone.Errors[name] = failure
		return
	}
	secure, _ := x.Answer.Bool("EnableServiceSSL")
	b.phone.PlainServices = !secure
}

// service takes what diagnostics_relay said: the one service there is.
func (b *builder) service(x Exchange) error {
	if status, _ := x.Answer.String("Status"); status != "Success" {
		return errors.New("a service failed in a way that virtual phones do not know")
	}
	told, _ := x.Answer.Dict("Diagnostics")
	if gestalt, ok := told.Dict("MobileGestalt"); ok {
		maps.Copy(b.phone.MobileGestalt, gestalt)
	}
	entry, ok := told.Dict("IORegistry")
	for _, field := range []string{"EntryName", "EntryClass"} {
		if name, named := x.Request.String(field); named && ok {
			b.phone.IORegistry[name] = entry
		}
	}
	return nil
}

func (b *builder) restored(x Exchange) {
	b.phone.Mode = diag.Restore
	switch x.Name() {
	case "QueryType":
		for _, key := range []string{"SerialNumber", "HardwareModel"} {
			if value, ok := x.Answer[key]; ok {
				b.phone.Values[key] = value
			}
		}
	case "QueryValue":
		if info, ok := x.Answer.Dict("HardwareInfo"); ok {
			b.phone.HardwareInfo = info
		}
	}
}

// finish adds what follows from all of it.
func (b *builder) finish() mocks.Phone {
	p := b.phone
	p.Name, _ = p.Values.String("DeviceName")
	if status, _ := p.MobileGestalt.String("Status"); status == "Success" {
		delete(p.MobileGestalt, "Status")
	}
	switch {
	case b.session, p.Trust.Locked:
		p.Trust.State = mocks.Paired
	case b.recorded && !b.entered:
		p.Trust.State, p.PairRecord = mocks.Stale, emptyRecord()
	}
	return p
}

// emptyRecord is one that opens no session.
func emptyRecord() []byte {
	record, _ := plist.EncodeXML(plist.Dict{})
	return record
}
