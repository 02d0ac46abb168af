package analytics

import (
	"encoding/json"
	"fmt"
	"slices"
)

// MaxUploads is how many uploads of a location are remembered.
const MaxUploads = 256

// Upload is a recording that was added under a key: sent again, it is answered as
// it was, and not counted twice.
type Upload struct {
	Key    string `json:"key"`  // of the client's choice
	Body   string `json:"body"` // what tells its content from any other
	Answer []byte `json:"answer"`
}

// LoadUploads are the latest uploads of a location, oldest first.
func LoadUploads(v View, location int64) ([]Upload, error) {
	value, err := v.Get(Locations, locationKey(location, partUploads))
	if value == nil || err != nil {
		return nil, err
	}
	var uploads []Upload
	if err := json.Unmarshal(value, &uploads); err != nil {
		return nil, fmt.Errorf("%w: uploads of location %d: %w", ErrState, location, err)
	}
	return uploads, nil
}

// PutUploads puts the latest of a location's uploads, MaxUploads at most.
func PutUploads(b *Batch, location int64, uploads []Upload) error {
	value, err := json.Marshal(slices.Clone(uploads[max(0, len(uploads)-MaxUploads):]))
	if err != nil {
		return err
	}
	b.Put(Locations, locationKey(location, partUploads), value)
	return nil
}
