package mocks

import (
	"slices"
	"sync"

	"error53/usbmux/plist"
)

// systemBUID is the host's own id, which ReadBUID gives.
const systemBUID = "53535353-0053-4053-8053-535353535353"

// maxRecords bounds how many pair records a hostile client can make the host keep.
const maxRecords = 1 << 10

// keep makes the host keep the pair record that a phone comes with, and gives what the
// phone remembers. A phone that was here before has not forgotten, unless it comes
// with another Trust. Bench.mu is held.
func (b *Bench) keep(p Phone) *memory {
	made := sync.OnceValue(func() *papers { return makePapers(&p) })
	if p.UDID == "" { // of which iBoot alone has told: nobody could ask for its record
		return remember(&p, made)
	}
	m := b.memories[p.UDID]
	known := m != nil && m.trust == p.Trust
	if !known {
		m = remember(&p, made)
		b.memories[p.UDID] = m
	}
	switch {
	case p.PairRecord != nil:
		b.records[p.UDID] = func() []byte { return p.PairRecord }
	case !known && (p.Trust.State == Paired || p.Trust.State == Stale):
		b.records[p.UDID] = sync.OnceValue(func() []byte { return made().record(&p) })
	}
	return m
}

// pairRecord gives the host's pair record of that name, nil for none.
func (b *Bench) pairRecord(id string) []byte {
	b.mu.Lock()
	made := b.records[id]
	b.mu.Unlock()
	if made == nil {
		return nil
	}
	return made()
}

// readPairRecord hands a pair record out.
func (m *muxd) readPairRecord(tag uint32, request plist.Dict) error {
	id, ok := request.String("PairRecordID")
	d := m.client.bench.find(func(d *device) bool { return d.phone.UDID == id })
	m.record(Request{Name: "ReadPairRecord", DeviceID: d.number(), Key: id})
	record := m.client.bench.pairRecord(id)
	switch {
	case !ok:
		return m.result(tag, resultInvalid)
	case record == nil:
		return m.resultFor(d, tag, resultNoRecord)
	}
	return m.send(tag, plist.Dict{"PairRecordData": record}, d)
}

// savePairRecord keeps a pair record, and tells the listeners where it is that of a
// phone named by its DeviceID. [USBMUXD] src/client.c, client_command; src/conf.c,
// config_set_device_record, which writes XML whatever came.
func (m *muxd) savePairRecord(tag uint32, request plist.Dict) error {
	id, ok := request.String("PairRecordID")
	data, _ := request.Data("PairRecordData")
	number, _ := request.Uint64("DeviceID")
	m.record(Request{Name: "SavePairRecord", DeviceID: m.client.bench.byID(uint32(number)).number(), Key: id, Writes: true})
	record, err := plist.DecodeDict(data)
	if !ok || err != nil {
		return m.result(tag, resultInvalid)
	}
	data, err = encodeXML(record)
	if err != nil {
		return m.result(tag, resultInvalid)
	}
	return m.result(tag, m.client.bench.save(id, data, uint32(number)))
}

// save gives the number of the Result.
func (b *Bench) save(id string, record []byte, number uint32) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.records) >= maxRecords {
		return resultNoRecord // ENOENT is what the daemon says when it cannot write
	}
	b.records[id] = func() []byte { return record }
	i := slices.IndexFunc(b.devices, func(d *device) bool { return d.id == number && d.phone.serial() == id })
	if i >= 0 {
		b.tell(notice{kind: paired, device: b.devices[i]})
	}
	return resultOK
}

// deletePairRecord forgets a pair record.
func (m *muxd) deletePairRecord(tag uint32, request plist.Dict) error {
	id, ok := request.String("PairRecordID")
	d := m.client.bench.find(func(d *device) bool { return d.phone.UDID == id })
	m.record(Request{Name: "DeletePairRecord", DeviceID: d.number(), Key: id, Writes: true})
	if !ok {
		return m.result(tag, resultInvalid)
	}
	return m.result(tag, m.client.bench.forgetRecord(id))
}

// forgetRecord gives the number of the Result.
func (b *Bench) forgetRecord(id string) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.records[id] == nil {
		return resultNoRecord
	}
	delete(b.records, id)
	return resultOK
}
