package lockdown

import (
	"context"
	"fmt"

	"error53/usbmux"
	"error53/usbmux/plist"
)

// Sensor is all that a phone tells of its Touch ID sensor, as it tells it: no judgement.
// The serials say which sensor is fitted, not whether it works, and can be cloned.
type Sensor struct {
	// Fitted is the serial of the sensor that is in the phone, MobileGestalt's
	// MesaSerialNumber: 16 bytes (observed, libimobiledevice/libimobiledevice issue 855).
	Fitted Serial
	// Factory is the serial of the sensor that the factory put in, NSrN of SysCfg:
	// filled up with NUL to 16 bytes (observed, same place, issue 1264).
	Factory Serial
	// Registry is what the I/O registry holds under the names that the sensor's drivers
	// go by. What it means on a phone is not known.
	Registry []RegistryEntry
}

// Serial is a serial number as the phone gives it, or the reason for there being none.
type Serial struct {
	Bytes []byte // nil where Err is not nil
	// Err is around ErrMissingValue where the phone has no such value, ErrDeprecated, an
	// Error where it refuses (ErrGetProhibited, ErrPasswordProtected, a service that it
	// does not start), ErrSysCfg, or what else failed.
	Err error
}

// RegistryEntry is one entry of the I/O registry.
type RegistryEntry struct {
	Name       string // or that of a class
	Properties plist.Dict
	Err        error
}

// Sensor reads what there is to read of the sensor. It takes a session, and where the
// phone lets the service in, a connection of its own. Each part fails by itself.
func (p *Phone) Sensor(ctx context.Context) Sensor {
	s := p.fitted(ctx)
	s.Factory = p.factorySerial(ctx)
	return s
}

// fitted asks the service.
func (p *Phone) fitted(ctx context.Context) (s Sensor) {
	d, err := p.Diagnostics(ctx)
	if err != nil {
		s.Fitted.Err = err
		return s
	}
	defer d.Close()
	s.Fitted = serial(d.MobileGestalt(ctx, "MesaSerialNumber"))
	for _, name := range []string{"AppleMesaSEPDriver", "AppleBiometricServices", "AppleMesaShim"} {
		properties, err := d.RegistryEntry(ctx, name)
		s.Registry = append(s.Registry, RegistryEntry{name, properties, err})
	}
	properties, err := d.RegistryClass(ctx, "AppleBiometricSensor")
	s.Registry = append(s.Registry, RegistryEntry{"AppleBiometricSensor", properties, err})
	return s
}

// factorySerial reads SysCfg by lockdownd, which gives the whole of it (observed,
// libimobiledevice/libimobiledevice issues 1160 and 1264; empty from the iPhone 12 on).
func (p *Phone) factorySerial(ctx context.Context) Serial {
	const domain, key = "com.apple.mobile.internal", "SysCfgData"
	value, err := p.GetValue(ctx, domain, key)
	if err != nil {
		return Serial{Err: err}
	}
	bytes, err := sensorOf(value)
	return Serial{bytes, opError("read "+key, err)}
}

// sensorOf finds the sensor's serial in SysCfg.
func sensorOf(value any) ([]byte, error) {
	data, ok := value.([]byte)
	if !ok {
		return nil, fmt.Errorf("%w: a %T", ErrSysCfg, value)
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("%w: SysCfg is empty", ErrMissingValue)
	}
	record, err := ParseSysCfg(data)
	if err != nil {
		return nil, err
	}
	serial, ok, err := record.Value("NSrN")
	if err == nil && !ok {
		err = fmt.Errorf("%w: no NSrN in SysCfg", ErrMissingValue)
	}
	return serial, err
}

// serial takes bytes, or text.
func serial(value any, err error) Serial {
	switch v := value.(type) {
	case []byte:
		if len(v) > 0 {
			return Serial{Bytes: v}
		}
	case string:
		if v != "" {
			return Serial{Bytes: []byte(v)}
		}
	case nil:
		return Serial{Err: err}
	default:
		return Serial{Err: fmt.Errorf("%w: a serial number of type %T", usbmux.ErrProtocol, v)}
	}
	return Serial{Err: fmt.Errorf("%w: an empty serial number", ErrMissingValue)}
}
