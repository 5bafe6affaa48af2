package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("schema.json")
})

// validate holds JSON against the published schema.
func validate(document []byte) error {
	published, err := schema()
	if err != nil {
		return err
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	return published.Validate(instance)
}

// lookUp finds a value by a path of keys and indices.
func lookUp(document []byte, path string) (string, error) {
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		return "", err
	}
	for key := range strings.SplitSeq(path, ".") {
		next, err := below(value, key)
		if err != nil {
			return "", fmt.Errorf("%w on the way to %s", err, path)
		}
		value = next
	}
	if s, ok := value.(string); ok {
		return s, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func below(value any, key string) (any, error) {
	switch in := value.(type) {
	case map[string]any:
		if next, ok := in[key]; ok {
			return next, nil
		}
	case []any:
		if at, err := strconv.Atoi(key); err == nil && 0 <= at && at < len(in) {
			return in[at], nil
		}
	}
	return nil, fmt.Errorf("no %q", key)
}

// The forms of output pass, so that the refusals below are for their reason.
func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"check", "--dry-run", "--scenario", "one", "--json"},
		{"list", "--dry-run", "--json"},
		{"list", "--dry-run", "--scenario", "empty", "--json"},
		{"predict", "--product-type", "iPhone7,2", "--ios", "9.1", "--json"},
		{"plan", "--product-type", "iPhone7,2", "--ios", "9.1", "--json"},
		{"plan", "--dry-run", "--scenario", "one", "--target", "9.2", "--json"},
		{"postmortem", logs + "device-proxy.log", logs + "previous-log.log", "testdata/nothing.txt", "--json"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			stdout, _, _ := run(t, args...)
			assert.NoError(t, validate([]byte(stdout)))
		})
	}
}

// A schema that lets everything through would make every validation worthless.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	tests := []struct {
		name  string
		path  string // of the object to spoil
		spoil func(object)
	}{
		{"no schema version", "", func(o object) { delete(o, "schemaVersion") }},
		{"another schema version", "", func(o object) { o["schemaVersion"] = 2 }},
		{"nothing about simulation", "", func(o object) { delete(o, "simulated") }},
		{"no list of errors", "", func(o object) { delete(o, "errors") }},
		{"an unknown key", "", func(o object) { o["verdict"] = "fine" }},
		{"a phone without facts", "phones.0", func(o object) { delete(o, "facts") }},
		{"a phone without prediction", "phones.0", func(o object) { delete(o, "prediction") }},
		{"a phone without question", "phones.0", func(o object) { delete(o, "question") }},
		{"a prediction that is null", "phones.0", func(o object) { o["prediction"] = nil }},
		{"a check that is null", "phones.0", func(o object) { o["check"] = nil }},
		{"a risk of its own", "phones.0", func(o object) { o["risk"] = "medium" }},
		{"steps that are null", "phones.0", func(o object) { o["next"] = nil }},
		{"no mode", "phones.0.facts", func(o object) { delete(o, "mode") }},
		{"a fact that is bare", "phones.0.facts", func(o object) { o["productType"] = "iPhone7,2" }},
		{"an ECID that is a number", "phones.0.facts.ecid", func(o object) { o["value"] = 6303405673529390 }},
		{"an ECID without 0x", "phones.0.facts.ecid", func(o object) { o["value"] = "0000535300000001" }},
		{"an ECID in capitals", "phones.0.facts.ecid", func(o object) { o["value"] = "0x000053530000000A" }},
		{"a mode of its own", "phones.0.facts.mode", func(o object) { o["value"] = "asleep" }},
		{"a source of its own", "phones.0.facts.mode", func(o object) { o["source"] = "hearsay" }},
		{"a value without source", "phones.0.facts.mode", func(o object) { o["source"] = nil }},
		{"an absence without reason", "phones.0.facts.way", func(o object) { delete(o, "reason") }},
		{"an absence with an empty reason", "phones.0.facts.way", func(o object) { o["reason"] = "" }},
		{"an effect of its own", "phones.0.prediction", func(o object) { o["effect"] = "explosion" }},
		{"no reason for the prediction", "phones.0.prediction", func(o object) { o["reasons"] = []any{} }},
		{"a reason without source", "phones.0.prediction.reasons.0", func(o object) { delete(o, "source") }},
		{"documents that say maybe", "phones.0.check", func(o object) { o["documented"] = "maybe" }},
		{"a disagreement of its own", "phones.0.check", func(o object) { o["disagreement"] = []any{"mood"} }},
		{"a rule without result", "phones.0.check.rules.0", func(o object) { delete(o, "result") }},
		{"a question about the iOS on the phone", "phones.0.question", func(o object) { o["fact"] = "installedVersion" }},
		{"an error without device", "errors.0", func(o object) { delete(o, "device") }},
		{"an error without message", "errors.0", func(o object) { o["message"] = "" }},
		{"an error code with blanks", "errors.0", func(o object) { o["code"] = "no daemon" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Error(t, validate(spoilt(t, goodDocument(t), test.path, test.spoil)))
		})
	}
}

// The same for what postmortem prints.
func TestSchemaRefusesRuns(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	stdout, _, _ := run(t, "postmortem", logs+"device-proxy.log", "--json")
	tests := []struct {
		name  string
		path  string
		spoil func(object)
	}{
		{"no list of runs", "", func(o object) { delete(o, "runs") }},
		{"no list of files", "", func(o object) { delete(o, "files") }},
		{"an unknown key", "", func(o object) { o["phones"] = []any{} }},
		{"a cause of its own", "runs.0", func(o object) { o["cause"] = "curse" }},
		{"a confidence of its own", "runs.0", func(o object) { o["confidence"] = "certain" }},
		{"a code that is text", "runs.0", func(o object) { o["code"] = "53" }},
		{"no code at all", "runs.0", func(o object) { delete(o, "code") }},
		{"a step that is bare", "runs.0", func(o object) { o["step"] = "fdr_recover" }},
		{"a step in another notation", "runs.0.step", func(o object) { o["id"] = "634" }},
		{"an empty version", "runs.0", func(o object) { o["targetVersion"] = "" }},
		{"evidence without a line", "runs.0.evidence.0", func(o object) { delete(o, "line") }},
		{"evidence on line 0", "runs.0.evidence.0", func(o object) { o["line"] = 0 }},
		{"a further code without a domain", "runs.0.otherCodes.0", func(o object) { delete(o, "domain") }},
		{"a file without its lines", "files.0", func(o object) { delete(o, "lines") }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Error(t, validate(spoilt(t, stdout, test.path, test.spoil)))
		})
	}
}

// spoilt is a document after something was done to the object at a path.
func spoilt(t *testing.T, good, path string, spoil func(map[string]any)) []byte {
	t.Helper()
	var document any
	require.NoError(t, json.Unmarshal([]byte(good), &document))
	value := document
	for key := range strings.SplitSeq(path, ".") {
		if key == "" {
			break
		}
		var err error
		value, err = below(value, key)
		require.NoError(t, err)
	}
	spoil(value.(map[string]any))
	changed, err := json.Marshal(document)
	require.NoError(t, err)
	return changed
}

// goodDocument is a check of one phone, which has a question, and one bad file.
func goodDocument(t *testing.T) string {
	t.Helper()
	stdout, _, code := run(t, "check", "--json", "--from", "testdata/iphone6.txt", "--from", "testdata/nothing.txt")
	require.Equal(t, exitUnknown, code)
	require.NoError(t, validate([]byte(stdout)))
	return stdout
}

// The schema holds a plan to its form as well.
func TestSchemaRefusesPlans(t *testing.T) {
	t.Parallel()
	good, _, _ := run(t, "plan", "--product-type", "iPhone7,2", "--ios", "9.1", "--json")
	require.NoError(t, validate([]byte(good)))
	type object = map[string]any
	tests := []struct {
		name  string
		path  string
		spoil func(object)
	}{
		{"no way on", "", func(o object) { o["ways"] = []any{} }},
		{"a kind of its own", "ways.0", func(o object) { o["kind"] = "pray" }},
		{"to stay, over the air", "ways.0", func(o object) { o["way"] = "ota" }},
		{"the newest, without a way", "ways.1", func(o object) { o["way"] = nil }},
		{"no cost", "ways.1", func(o object) { delete(o, "cost") }},
		{"no target", "ways.1.target", func(o object) { delete(o, "targetFile") }},
		{"a risk of its own", "ways.1", func(o object) { o["risk"] = "medium" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Error(t, validate(spoilt(t, good, test.path, test.spoil)))
		})
	}
}

// What predict prints is not a check's envelope, and the other way round.
func TestSchemaTellsFormsApart(t *testing.T) {
	t.Parallel()
	predicted, _, _ := run(t, "predict", "--product-type", "iPhone7,2", "--json")
	bare := strings.Replace(predicted, `"schemaVersion": 1,`, "", 1)
	require.NotEqual(t, predicted, bare)
	assert.Error(t, validate([]byte(bare)))
	assert.Error(t, validate([]byte(`{"schemaVersion":1,"simulated":false,"phones":[],"errors":[],"risk":"none"}`)))
	assert.Error(t, validate([]byte(strings.Replace(predicted, `"simulated": false`, `"simulated": true`, 1))))
}
