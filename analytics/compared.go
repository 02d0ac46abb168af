package analytics

// compared puts the rows of another interval beside those of a location's report:
// the first bucket beside the first, and so on; in a bucket by their labels. It
// holds the other rows of one bucket.
type compared struct {
	out     Output
	columns []Column
	others  *blocks
	sparse  bool // what the other interval alone has is a row, too
	bucket  Row  // that is written, without cells
	row     Row
	place   int // of the row in its bucket
	begun   bool
}

// Begin implements Output; the report begins elsewhere.
func (c *compared) Begin(Header) error { return nil }

// Row implements Output.
func (c *compared) Row(r *Row) error {
	if !c.begun || r.Start != c.bucket.Start {
		if err := c.finish(); err != nil {
			return err
		}
		c.begun, c.place, c.bucket = true, 0, *r
		if err := c.others.advance(); err != nil {
			return err
		}
	}
	if r.blank {
		return nil
	}
	other := c.others.like(r, c.place)
	if r.closed && other == nil {
		return nil
	}
	c.place++
	return c.put(r, r.Cells, other)
}

// put writes a row with another beside it, which may be nil.
func (c *compared) put(r *Row, own, other []Cell) error {
	cells := append(c.row.Cells[:0], own...)
	previous := Cell{}
	if c.others.there {
		previous = Cell{Type: Time, Int: c.others.start}
	}
	cells = append(cells, previous)
	for i, column := range c.columns {
		switch {
		case column.Label:
		case other == nil:
			cells = append(cells, Cell{})
		default:
			cells = append(cells, other[i])
		}
	}
	c.row = *r
	c.row.Cells, c.row.closed, c.row.blank = cells, false, false
	return c.out.Row(&c.row)
}

// finish writes what the other interval alone has of the bucket: here it is 0, or null
// without data.
func (c *compared) finish() error {
	if !c.sparse || !c.begun {
		return nil
	}
	own := make([]Cell, len(c.columns))
	for i, other := range c.others.rows {
		if c.others.met[i] {
			continue
		}
		for j, column := range c.columns {
			own[j] = other[j]
			switch {
			case column.Label:
			case c.bucket.Coverage == 0:
				own[j] = Cell{}
			default:
				own[j] = Cell{Type: other[j].Type}
			}
		}
		if err := c.put(&c.bucket, own, other); err != nil {
			return err
		}
	}
	return nil
}
