package recording

import (
	"regexp"
	"strings"
)

// kind is what sort of identifier a value is; for people, too.
type kind string

const (
	none         kind = ""
	udid         kind = "UDID"
	ecid         kind = "ECID"
	serialNumber kind = "serial number"
	imei         kind = "IMEI"
	meid         kind = "MEID"
	iccid        kind = "ICCID"
	imsi         kind = "IMSI"
	phoneNumber  kind = "phone number"
	address      kind = "address"
	name         kind = "name"
	uuid         kind = "UUID"
	key          kind = "key or token"
)

// keyRules say of which kind the values under a key are: the first that fits.
var keyRules = []struct {
	pattern *regexp.Regexp
	kind    kind
}{
	{regexp.MustCompile(`(?i)^(UniqueDeviceID|PairRecordID|USBSerialNumber|UDID)$`), udid},
	{regexp.MustCompile(`^(UniqueChipID|DieID|ECID|ecid)$`), ecid},
	{regexp.MustCompile(`(?i)(serial|^SrNm$|^SRNM$|^MLB)`), serialNumber},
	{regexp.MustCompile(`^(InternationalMobileEquipmentIdentity\d?|IMEI\d?)$`), imei},
	{regexp.MustCompile(`^(MobileEquipmentIdentifier|MEID)$`), meid},
	{regexp.MustCompile(`^(IntegratedCircuitCardIdentity\d?|ICCID\d?)$`), iccid},
	{regexp.MustCompile(`^(InternationalMobileSubscriberIdentity\d?|IMSI\d?)$`), imsi},
	{regexp.MustCompile(`PhoneNumber\d?$`), phoneNumber},
	{regexp.MustCompile(`(?i)(WiFi|WLAN|Bluetooth|Ethernet|EthernetMac|Mac|Network|IP)_?Address$`), address},
	{regexp.MustCompile(`^(DeviceName|UserAssignedDeviceName|ComputerName|HostName|EscapedFullServiceName|LastBackupComputerName|AppleID|Owner.*)$`), name},
	{regexp.MustCompile(`(UUID|BUID|HostID|SessionID|LibraryID)$`), uuid},
	{regexp.MustCompile(`(?i)(nonce|hash|certificate|private|publickey|token|ticket|escrow|secret|calibration|wildcard|signature)$`), key},
	{regexp.MustCompile(`^(NONC|SNON|DevicePublicKey|PairRecordData)$`), key},
}

// kindOfKey is none for a key that says nothing.
func kindOfKey(key string) kind {
	if ordinary[key] {
		return none
	}
	for _, rule := range keyRules {
		if rule.pattern.MatchString(key) {
			return rule.kind
		}
	}
	return none
}

// ordinary are the keys whose values are the same on many phones, whatever they look
// like.
var ordinary = func() map[string]bool {
	keys := map[string]bool{}
	for _, key := range strings.Fields(`ActivationState ActivationStateAcknowledged BasebandActivationTicketVersion
		BasebandChipID BasebandVersion BoardId BoardID BuildVersion CertID BasebandCertId ChipID CPUArchitecture
		ClientVersionString ConnectionType DeviceClass DeviceColor DeviceEnclosureColor Domain EnableServiceSSL
		EnableSessionSSL EntryClass EntryName Error FirmwareVersion HardwareModel HardwarePlatform HWModel
		HumanReadableProductVersionString Key Label LastCloudBackupTZ LastiTunesBackupTZ MessageType ModelNumber
		OSVersion PartitionType ProductName ProductType ProductVersion ProgName ProtocolVersion QueryKey
		RegionCode RegionInfo RegulatoryModelNumber Request Result Service SoftwareBehavior Status
		SupplementalBuildVersion TimeZone Type IOClass CFBundleIdentifier IOProviderClass BootSessionProtocol
		AmountDataAvailable AmountDataReserved TotalDataAvailable TotalDataCapacity TotalDiskCapacity
		TotalSystemAvailable TotalSystemCapacity LastiTunesBackupDate LastCloudBackupDate TimeIntervalSince1970
		boot-args auto-boot backlight-level IsAssociated ConnectionSpeed LocationID MobileGestaltKeys Version`) {
		keys[key] = true
	}
	return keys
}()

// plain is what the values of ordinary keys are made of. One that is longer, or holds
// something else, is looked at like any other.
var plain = regexp.MustCompile(`^[\pL\pN ,.()_/:;+-]{0,64}$`)

// isOrdinary tells whether a text is left as it is.
func isOrdinary(key, text string) bool {
	return ordinary[key] && plain.MatchString(text) && len(embedded(text)) == 0
}
