package tracker

import "testing"

// An estimate of somebody who never comes is not kept beyond expire_after, though
// no other comes after it.
func TestEstimatesOfNobodyAreForgotten(t *testing.T) {
	tr := New(DefaultSettings(), (&numbering{}).layout(t, nil, nil), deaf{})
	tr.Demographics(scenarioStart, 7, Female, 30)
	tr.Sweep(scenarioStart + 60*second)
	if len(tr.early.byID) != 1 {
		t.Error("forgotten while the person may still come")
	}
	tr.Sweep(scenarioStart + 60*second + 1)
	if len(tr.early.byID) != 0 || len(tr.early.order) != 0 {
		t.Errorf("still there: %v", tr.early)
	}
}
