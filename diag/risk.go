package diag

// Risk is the headline.
type Risk string

// The headlines. None to high are ranked; unknown compares with nothing.
const (
	RiskNone     Risk = "none"
	RiskLow      Risk = "low"
	RiskElevated Risk = "elevated"
	RiskHigh     Risk = "high"
	RiskUnknown  Risk = "unknown"
)

// Risks lists every headline, the ranked ones in ascending order.
var Risks = []Risk{RiskNone, RiskLow, RiskElevated, RiskHigh, RiskUnknown}

// bit gives each headline a place in a set.
func (r Risk) bit() uint8 {
	for i, each := range Risks {
		if r == each {
			return 1 << i
		}
	}
	return 0
}

// risk makes the headline of the prediction and the check; a disagreement between
// the two is never hidden behind the milder one.
func (c Case) risk() Risk {
	if c.undecidable() {
		return RiskUnknown
	}
	effect, worst := c.predict()
	documented := c.documented()
	switch {
	case effect == Error53:
		return RiskHigh
	case documented == AtRisk:
		return RiskElevated
	case effect == EffectUnknown && worst == Error53, documented == Indeterminate:
		return RiskUnknown
	case worst != EffectNone:
		return RiskLow
	default:
		return RiskNone
	}
}
