package usb

import _ "embed"

// RuleName is what the file of UdevRule has to be called. udev goes by the number, see
// the file.
const RuleName = "70-error53.rules"

// RuleGroup is the group that UdevRule lets in, beside whoever sits at the computer.
const RuleGroup = "plugdev"

//go:embed 70-error53.rules
var udevRule string

// UdevRule is the rule of udev that lets people other than root open devices in
// recovery, DFU and WTF mode on Linux. It takes effect for devices that are plugged in
// after it was installed. Making udev add those that are there once more (udevadm trigger
// --action=add) would run usbmuxd's own rule for phones in normal mode as well, which takes
// them out of service ([USBMUXD] udev/39-usbmuxd.rules.in).
func UdevRule() string { return udevRule }
