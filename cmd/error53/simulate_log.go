package main

import (
	"cmp"
	"crypto/tls"
	"maps"
	"strings"

	"github.com/sirupsen/logrus"

	"error53/diag"
	"error53/mocks"
)

// phoneOfSeat tells of a virtual phone what it is called by.
func phoneOfSeat(s mocks.Seat) phone {
	p := phone{place: "port " + s.Port}
	p.facts.Mode = diag.Known(cmp.Or(s.Phone.Mode, diag.Normal), diag.FromUSB)
	p.facts.UDID = diag.Known(s.Phone.UDID, diag.FromUSB)
	if ecid, ok := s.Phone.Values.Uint64("UniqueChipID"); ok {
		p.facts.ECID = diag.Known(ecid, diag.FromLockdown)
	}
	if serial, ok := s.Phone.Values.String("SerialNumber"); ok {
		p.facts.SerialNumber = diag.Known(serial, diag.FromLockdown)
	}
	p.facts.ProductType = diag.Known(typeOf(s.Phone), diag.FromLockdown)
	if device, known := diag.DeviceByType(p.facts.ProductType.Value); known {
		p.facts.MarketingName = diag.Known(device.MarketingName, diag.FromCatalog)
	}
	return p
}

func typeOf(p mocks.Phone) string {
	productType, _ := p.Values.String("ProductType")
	return productType
}

// logRequests tells of all that clients ask, and of their handshakes. Phones go by their
// ports, and the names of pair records are masked.
func logRequests(b *mocks.Bench, log logrus.FieldLogger) {
	b.Heard = func(r mocks.Request) {
		key := r.Key
		if strings.HasSuffix(r.Name, "PairRecord") {
			key = tail(key)
		}
		log.WithFields(telling(logrus.Fields{
			"conn": r.Connection, "side": string(r.Side), "op": r.Name, "port": b.PortOf(r.DeviceID),
			"domain": r.Domain, "key": key, "refused": r.Refused, "leaks": r.Leaks,
		})).Debug("request")
	}
	b.Shook = func(h mocks.Handshake) {
		fields := logrus.Fields{"conn": h.Connection, "side": string(h.Side), "port": b.PortOf(h.DeviceID)}
		if h.Err != nil {
			fields["err"] = h.Err.Error()
		} else {
			fields["tls"] = tls.VersionName(h.Version)
		}
		log.WithFields(telling(fields)).Debug("handshake")
	}
}

// telling leaves out what says nothing.
func telling(fields logrus.Fields) logrus.Fields {
	maps.DeleteFunc(fields, func(_ string, v any) bool { return v == "" || v == false })
	return fields
}
