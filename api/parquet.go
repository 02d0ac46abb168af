package api

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/footfall/footfall/analytics"
)

// Parquet writes a report as a Parquet file: columns in the order of CSV's, times
// as UTC timestamps in microseconds, null for null, and what stands above the rows
// of JSON in the file's metadata. It holds one row group, of 65,536 rows at most.
// It is an Encoder.
type Parquet struct {
	w      io.Writer
	many   bool
	header analytics.Header
	fields []field
	file   *parquet.GenericWriter[any]
	cells  []analytics.Cell
	values parquet.Row
	rows   []parquet.Row // the one row
}

const rowGroupRows = 1 << 16

// NewParquet writes to w; many puts the column location_id first.
func NewParquet(w io.Writer, many bool) *Parquet { return &Parquet{w: w, many: many} }

// Begin implements analytics.Output.
func (p *Parquet) Begin(h analytics.Header) error {
	if p.file != nil {
		return errors.New("a Parquet file holds one kind of report")
	}
	p.header, p.fields = h, fieldsOf(h, p.many)
	options := []parquet.WriterOption{
		parquet.NewSchema(h.Kind, schemaOf(p.fields)),
		parquet.Compression(&parquet.Snappy), parquet.DataPageVersion(1), // what every reader reads
		parquet.MaxRowsPerRowGroup(rowGroupRows), parquet.CreatedBy("footfall", "", ""),
		parquet.KeyValueMetadata("footfall.kind", h.Kind), parquet.KeyValueMetadata("footfall.bucket", h.Bucket.String()),
		parquet.KeyValueMetadata("footfall.hours", h.Hours.String()),
		parquet.KeyValueMetadata("footfall.from", string(appendTime(nil, h.From))), parquet.KeyValueMetadata("footfall.to", string(appendTime(nil, h.To))),
	}
	for _, l := range h.Locations {
		options = append(options, parquet.KeyValueMetadata(fmt.Sprintf("footfall.timezone.%d", l.Location), l.Timezone))
	}
	p.file = parquet.NewGenericWriter[any](p.w, options...)
	p.values, p.rows = make(parquet.Row, len(p.fields)), make([]parquet.Row, 1)
	return nil
}

// columnsInOrder is a group whose columns keep an order; Group sorts them by name.
type columnsInOrder struct {
	parquet.Group
	fields []field
}

// Fields implements parquet.Node.
func (c columnsInOrder) Fields() []parquet.Field {
	byName := c.Group.Fields()
	ordered := make([]parquet.Field, len(c.fields))
	for i, f := range c.fields {
		ordered[i] = byName[slices.IndexFunc(byName, func(p parquet.Field) bool { return p.Name() == f.name })]
	}
	return ordered
}

func schemaOf(fields []field) parquet.Node {
	group := parquet.Group{}
	for _, f := range fields {
		group[f.name] = nodeOf(f)
	}
	return columnsInOrder{group, fields}
}

func nodeOf(f field) (node parquet.Node) {
	switch f.kind {
	case analytics.Integer:
		node = parquet.Int(64)
	case analytics.Float:
		node = parquet.Leaf(parquet.DoubleType)
	case analytics.Bool:
		node = parquet.Leaf(parquet.BooleanType)
	case analytics.Time: // the rows of a bucket have the same
		node = parquet.Encoded(parquet.Timestamp(parquet.Microsecond), &parquet.RLEDictionary)
	default:
		node = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	if f.null {
		node = parquet.Optional(node)
	}
	return node
}

// Row implements analytics.Output.
func (p *Parquet) Row(r *analytics.Row) error {
	p.cells = appendFields(p.cells[:0], &p.header, r, p.many)
	for i, f := range p.fields {
		value, err := parquetValue(f, &p.cells[i])
		if err != nil {
			return err
		}
		defined := 0
		if f.null && !value.IsNull() {
			defined = 1
		}
		p.values[i] = value.Level(0, defined, i)
	}
	p.rows[0] = p.values
	_, err := p.file.WriteRows(p.rows)
	return err
}

// parquetValue is a cell as its column's type has it.
func parquetValue(f field, c *analytics.Cell) (parquet.Value, error) {
	switch {
	case c.Type == analytics.Null && f.null:
		return parquet.NullValue(), nil
	case c.Type == analytics.Integer && f.kind == analytics.Float:
		return parquet.DoubleValue(float64(c.Int)), nil
	case c.Type != f.kind:
		return parquet.Value{}, fmt.Errorf("column %s has a cell of type %d where %d is declared", f.name, c.Type, f.kind)
	}
	switch c.Type {
	case analytics.Float:
		return parquet.DoubleValue(c.Float), nil
	case analytics.Bool:
		return parquet.BooleanValue(c.Int != 0), nil
	case analytics.Text:
		return parquet.ByteArrayValue([]byte(strings.ToValidUTF8(c.Text, "�"))), nil
	default:
		return parquet.Int64Value(c.Int), nil
	}
}

// Close implements Encoder.
func (p *Parquet) Close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

// Discard implements Encoder.
func (p *Parquet) Discard() {}
