package main

const scenariosTopic = `A scenario is a bench of virtual phones in a JSON file. error53 simulate FILE serves it to any
client of usbmuxd; --dry-run --scenario FILE looks at it as it is at the beginning.

{
  "title": "One is updated, one comes later and asks for trust, fifty just lie there",
  "phones": [
    {
      "productType": "iPhone7,2", "productVersion": "9.1", "deviceName": "Anna’s iPhone",
      "trust": {"state": "paired"}, "sensor": "replaced",
      "timeline": ["after 3s mode recovery", "after 2s mode restore", "after 20s update newest"]
    },
    {
      "productType": "iPhone12,1", "trust": {"state": "ask", "locked": true},
      "timeline": ["after 5s plug", "after 4s unlock", "after 2s trust", "after 1m unplug"]
    },
    {"productType": "iPad5,3", "count": 50, "faults": [{"side": "lockdownd", "kind": "slow", "delay": "200ms"}]}
  ]
}

A phone needs its productType alone; the rest is looked up or made up, identifiers included.
What can be said besides: productVersion, buildVersion, hardwareModel, deviceName, mode,
ecid, udid, network, trust (state: ask, paired, stale, denied, supervised; locked; polls and
after, at which somebody taps; replug), tls (1.0, 1.0-1.2, 1.2-1.3, none), plainServices,
sensor (original, replaced, unlisted, garbled, mute), lastBackup, values, domains,
mobileGestalt, ioRegistry, errors, iBoot, iBootVersion, faults, and the technician's word:
repair, touchId.

A timeline has what happens to the phone, one after the other; "after" counts from the step
before. The steps: plug, unplug, replug, mode MODE, update RELEASE, trust, deny, unlock. A
phone whose timeline begins with plug is off the cable at first. A timeline beside "phones"
is usbmuxd's own: "after 30s restart".

Faults beside "phones" befall usbmuxd, or every phone. Sides: usbmuxd, lockdownd, restored,
tls, diagnostics_relay, usb. Kinds: silent, slow, cut, wrong-length, garbage, wrong-tag,
wrong-type, vanish; of tls stranger and alert; of usb stall, no-serial, refuse and held.`
