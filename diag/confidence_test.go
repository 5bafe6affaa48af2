package diag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"error53/diag"
)

// settled is a plan of which every fact is stated: nothing is left to a default.
func settled(productType string, target release, repair, touchID string) situation {
	return situation{productType: productType, target: target, repair: repair, touchID: touchID, way: "computer-update"}
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	with := func(s situation, change func(*situation)) situation { change(&s); return s }
	v91, v93 := rel("9.1", "13B143"), rel("9.3.1", "13E238")
	for _, row := range []struct {
		name string
		situation
		want diag.Confidence
	}{
		{"everything stated, bad", settled("iPhone7,2", v91, "third-party-sensor", "no"), diag.High},
		{"everything stated, fixed", settled("iPhone7,2", v93, "third-party-sensor", "no"), diag.High},
		{"everything stated, good", settled("iPhone7,2", v91, "none", "yes"), diag.High},
		{"no sensor", settled("iPhone10,3", rel("12.0", ""), "none", "no"), diag.High},

		{"a foreign sensor that works", settled("iPhone7,2", v91, "third-party-sensor", "yes"), diag.Low},
		{"a contradiction", with(settled("iPhone9,1", rel("15.8.8", ""), "none", "yes"), func(s *situation) { s.installed = rel("9.2", "") }), diag.Low},

		{"a model nobody knows", settled("iPhone99,1", v91, "none", "yes"), diag.Medium},
		{"target 8.0", settled("iPhone7,2", rel("8.0", "12A365"), "third-party-sensor", "no"), diag.Medium},
		{"target 8.1.3", settled("iPhone7,2", rel("8.1.3", ""), "third-party-sensor", "no"), diag.Medium},
		{"target 8.2", settled("iPhone7,2", rel("8.2", ""), "third-party-sensor", "no"), diag.Medium},
		{"target 8.3", settled("iPhone7,2", rel("8.3", ""), "third-party-sensor", "no"), diag.High},
		{"target 8.1, and the sensor good", settled("iPhone7,2", rel("8.1", ""), "none", "yes"), diag.Medium},
		{"the update is refused", with(settled("iPhone7,2", v91, "third-party-sensor", "no"), func(s *situation) { s.way = "ota" }), diag.Medium},
		{"a bad sensor in a 5s (GSM)", settled("iPhone6,1", v93, "third-party-sensor", "no"), diag.Medium},
		{"a bad sensor in a 5s (CDMA)", settled("iPhone6,2", v93, "third-party-sensor", "no"), diag.Medium},
		{"a good sensor in a 5s", settled("iPhone6,2", v93, "none", "yes"), diag.High},
		{"a bad sensor in an SE", settled("iPhone8,4", v93, "third-party-sensor", "no"), diag.High},
		{"damaged", settled("iPhone7,2", v91, "damaged", "no"), diag.Medium},
		{"damaged, and it works", settled("iPhone7,2", v91, "damaged", "yes"), diag.High},
		{"effect unknown", settled("iPhone7,2", v91, "third-party-screen", "no"), diag.Medium},
		{"a beta", settled("iPhone7,2", rel("9.3", "13E5181d"), "third-party-sensor", "no"), diag.Medium},

		{"repair left open", settled("iPhone7,2", v91, "unknown", "no"), diag.Medium},
		{"repair left open, but Touch ID works", settled("iPhone7,2", v91, "unknown", "yes"), diag.High},
		{"Touch ID left open, it could work", settled("iPhone7,2", v91, "third-party-sensor", "unknown"), diag.Medium},
		{"Touch ID left open, it could fail", settled("iPhone7,2", v91, "none", "unknown"), diag.Medium},
		{"target left open", settled("iPhone7,2", release{}, "third-party-sensor", "no"), diag.Medium},
		{"target left open, all are fixed", with(settled("iPhone7,2", release{}, "third-party-sensor", "no"), func(s *situation) { s.installed = rel("10.0.1", "") }), diag.High},
		{"target left open, and the sensor good", settled("iPhone7,2", release{}, "none", "yes"), diag.High},
		{"build left open", settled("iPhone7,2", rel("9.2.1", ""), "third-party-sensor", "no"), diag.Medium},
		{"build stated", settled("iPhone7,2", rel("9.2.1", "13D15"), "third-party-sensor", "no"), diag.High},
		{"way left open", with(settled("iPhone7,2", v91, "third-party-sensor", "no"), func(s *situation) { s.way = "" }), diag.Medium},
		{"way left open, it makes no difference", with(settled("iPhone7,2", v93, "third-party-sensor", "no"), func(s *situation) { s.way = "" }), diag.High},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, row.want, diag.Decide(row.facts()).Prediction.Confidence)
			assert.Equal(t, string(row.want), confidence(row.situation), "the oracle")
		})
	}
}
