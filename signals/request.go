package signals

import (
	"encoding/json"
	"fmt"
	"slices"
)

// request is one message of a client.
type request struct {
	kind      Kind
	token     string
	locations []int64 // distinct, in the order sent
	fault     string  // what is wrong with the list of locations; "" if nothing is
}

// parseRequest reads a client's message. An error, a *DecodeError, is one that
// costs the client its connection: no JSON object, or one without a type. What is
// wrong with a registration stands in the request.
func parseRequest(frame []byte, maxLocations int) (request, error) {
	members, wireType, err := openMessage(frame)
	if err != nil {
		return request{}, err
	}
	req := request{kind: kindOf(wireType)}
	if req.kind == KindRegister {
		req.token, _ = stringOf(members["token"])
		req.locations, req.fault = parseLocations(members["locations"], maxLocations)
	}
	return req, nil
}

func parseLocations(raw json.RawMessage, most int) (locations []int64, fault string) {
	var items []json.RawMessage
	if raw == nil || json.Unmarshal(raw, &items) != nil {
		return nil, "locations must be a list of location ids"
	}
	if len(items) == 0 {
		return nil, "locations is empty: name at least one location"
	}
	if len(items) > most {
		return nil, fmt.Sprintf("locations has %d entries: at most %d are allowed", len(items), most)
	}
	for i, item := range items {
		location, ok := integerOf(item)
		if !ok {
			return nil, fmt.Sprintf("locations: entry %d is not an integer", i+1)
		}
		if !slices.Contains(locations, location) {
			locations = append(locations, location)
		}
	}
	return locations, ""
}
