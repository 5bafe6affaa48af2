package postmortem

import "strings"

// reasons are the lines that tell why FDR failed. That a message of the FDR channel was not
// received is none: it also stands in logs that fail elsewhere ([IDR] issue 370).
var reasons = []rule{
	{words: "Failed to copy proxy information and proxy is enabled", read: because(HostProxy)},
	{words: "Establishing a mock FDR listener", read: because(HostProxy)}, // [PMD3] --ignore-fdr
	{words: "x-fdr-message", read: func(r *recorder, h hit) {
		if strings.Contains(h.behind(), "Error") {
			because(FDRServer)(r, h)
		}
	}},
	{words: "returned status ", read: readHTTP},
	{words: " status=", read: readHTTP},
	{words: "got http failures", read: because(Network)},
	{words: "_AMFDRHttpMessageSendSync failed", read: because(Network)},
	{words: "NSURLErrorDomain", read: because(Network)},
	{words: "kCFErrorDomainCFNetwork", read: because(Network)},
	// The driver of the Touch ID sensor, when the Secure Enclave refuses. Its other lines
	// are there on healthy phones too.
	{words: "AppleMesaSEPDriver", read: func(r *recorder, h hit) {
		if r.fdrEntered.text != "" && strings.Contains(h.behind(), "SEP returned error") && r.mesa.text == "" {
			r.mesa = r.mark(h)
		}
	}},
}

// blame is the lines that speak for one cause.
type blame struct {
	chained mark // in the very chain of errors that the step failed with
	loose   mark // anywhere in the run
}

func because(cause Cause) func(*recorder, hit) {
	return func(r *recorder, h hit) {
		b := r.blames[cause]
		if chained := inChain(h); chained && b.chained.text == "" {
			b.chained = r.mark(h)
		} else if !chained && b.loose.text == "" {
			b.loose = r.mark(h)
		}
		r.blames[cause] = b
	}
}

// readHTTP takes the status of an answer to an FDR request. 407 and 511 are those of a
// network that wants a login, not of Apple.
func readHTTP(r *recorder, h hit) {
	status, ok := number(h.behind())
	switch {
	case !ok || status < 400 || status > 599 || !strings.Contains(h.before(), "_AMFDRHttp"):
	case status == 407 || status == 511:
		because(Network)(r, h)
	default:
		because(FDRServer)(r, h)
	}
}

// inChain tells a line of the chain of errors, "[9]D(…)" or "9: AMFDRError/a: …".
func inChain(h hit) bool {
	return strings.Contains(h.before(), "D(") || strings.Contains(h.before(), ": AMFDRError/")
}
