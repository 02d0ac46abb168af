package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// checkQuery refuses what a route does not know: a misspelt parameter must not
// silently give other figures. known says of each parameter whether it may be
// repeated.
func checkQuery(raw string, known map[string]bool) *huma.ErrorModel {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return problem(http.StatusBadRequest, "the query cannot be read: "+err.Error())
	}
	var faults []*huma.ErrorDetail
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if message := parameterFault(name, values[name], known); message != "" {
			faults = append(faults, &huma.ErrorDetail{Message: message, Location: "query." + name, Value: values.Get(name)})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return problem(http.StatusBadRequest, faults[0].Message, faults...)
}

func parameterFault(name string, values []string, known map[string]bool) string {
	repeatable, ok := known[name]
	switch {
	case !ok && len(known) == 0:
		return fmt.Sprintf("there is no parameter %q here, nor any other", name)
	case !ok:
		return fmt.Sprintf("there is no parameter %q here; there are %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	case len(values) > 1 && !repeatable:
		return fmt.Sprintf("the parameter %q is there %d times, and may be there once", name, len(values))
	case slices.Contains(values, ""):
		return fmt.Sprintf("the parameter %q is empty; leave it out instead", name)
	}
	return ""
}
