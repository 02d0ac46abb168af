package api

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"github.com/footfall/footfall/analytics"
)

const pngType = "image/png"

// What a picture of a heatmap may be, in pixels.
const (
	mostPixels   = 2048 // a side
	pixelsASide  = 8    // of a cell, where there is room
	mostHeatRows = 1 << 20
)

// PNG draws the heatmap of one location and interval: a square for each cell, y up as on
// the floor, transparent where nobody was. The colour goes by the square root of the
// person-seconds, up to the most of any cell. Text chunks say what rectangle of the floor
// it shows, in cm, and how many person-seconds the brightest cell has.
type PNG struct {
	w     io.Writer
	cells []heatCell
}

type heatCell struct {
	x, y, size int64
	seconds    float64
}

// NewPNG writes to w.
func NewPNG(w io.Writer) *PNG { return &PNG{w: w} }

// Begin implements analytics.Output. It refuses what is no such heatmap.
func (p *PNG) Begin(h analytics.Header) error {
	switch {
	case h.Kind != "heatmap":
		return notPictured("only the heatmap can be drawn; ask for another format of " + h.Kind)
	case len(h.Locations) != 1:
		return notPictured("a picture is of one location")
	case h.Bucket != analytics.Whole:
		return notPictured("a picture is of the whole interval; leave bucket out")
	case len(h.Columns) != len(analytics.KindColumns(h.Kind)):
		return notPictured("a picture has no room for a comparison; leave compare out")
	}
	return nil
}

func notPictured(reason string) error {
	return &analytics.QueryError{Parameter: "format", Reason: reason}
}

// Row implements analytics.Output.
func (p *PNG) Row(r *analytics.Row) error {
	if len(p.cells) >= mostHeatRows {
		return &analytics.QueryError{Parameter: "format", TooLarge: true, Reason: fmt.Sprintf("the heatmap has more than %d cells, which is too many for a picture", mostHeatRows)}
	}
	p.cells = append(p.cells, heatCell{r.Cells[0].Int, r.Cells[1].Int, r.Cells[2].Int, r.Cells[3].Float})
	return nil
}

// Close implements Encoder.
func (p *PNG) Close() error {
	area, texts := p.draw()
	var b bytes.Buffer
	if err := png.Encode(&b, area); err != nil {
		return err
	}
	_, err := p.w.Write(withTexts(b.Bytes(), texts))
	return err
}

// Discard implements Encoder.
func (p *PNG) Discard() { p.cells = nil }

// bounds are the rectangle around all cells, in cm, and the side of the smallest.
func (p *PNG) bounds() (minX, minY, maxX, maxY, cell int64) {
	if len(p.cells) == 0 {
		return 0, 0, 1, 1, 1
	}
	minX, minY, maxX, maxY, cell = math.MaxInt64, math.MaxInt64, math.MinInt64, math.MinInt64, math.MaxInt64
	for _, c := range p.cells {
		minX, minY, cell = min(minX, c.x), min(minY, c.y), min(cell, c.size)
		maxX, maxY = max(maxX, c.x+c.size), max(maxY, c.y+c.size)
	}
	return minX, minY, maxX, maxY, cell
}

func (p *PNG) draw() (image.Image, [][2]string) {
	minX, minY, maxX, maxY, cell := p.bounds()
	longest := max(maxX-minX, maxY-minY)
	perPixel := max(float64(cell)/pixelsASide, float64(longest)/mostPixels) // cm
	pixel := func(cm int64) int { return int(math.Round(float64(cm) / perPixel)) }
	area := image.NewNRGBA(image.Rect(0, 0, max(1, pixel(maxX-minX)), max(1, pixel(maxY-minY))))
	most := 0.0
	for _, c := range p.cells {
		most = max(most, c.density())
	}
	for _, c := range p.cells {
		shade := shadeOf(math.Sqrt(c.density() / most))
		top, bottom := pixel(maxY-c.y-c.size), max(pixel(maxY-c.y-c.size)+1, pixel(maxY-c.y))
		left, right := pixel(c.x-minX), max(pixel(c.x-minX)+1, pixel(c.x+c.size-minX))
		for y := top; y < bottom; y++ {
			for x := left; x < right; x++ {
				area.SetNRGBA(x, y, shade)
			}
		}
	}
	return area, [][2]string{
		{"Extent", fmt.Sprintf("%d,%d,%d,%d", minX, minY, maxX, maxY)},
		{"Brightest", fmt.Sprintf("%g person-seconds in %d cm by %d cm", most*float64(cell*cell), cell, cell)},
	}
}

// density is what makes cells of several sizes comparable.
func (c heatCell) density() float64 { return c.seconds / float64(c.size*c.size) }

// shades are points of the colour map "inferno" of matplotlib (S. van der Walt and N.
// Smith, CC0), whose lightness rises evenly.
var shades = [...][3]float64{{0, 0, 4}, {40, 11, 84}, {101, 21, 110}, {159, 42, 99}, {212, 72, 66}, {245, 125, 21}, {250, 193, 39}, {252, 255, 164}}

// shadeOf is the colour of 0 to 1.
func shadeOf(value float64) color.NRGBA {
	at := min(max(value, 0), 1) * float64(len(shades)-1)
	i := min(int(at), len(shades)-2)
	mix := func(channel int) uint8 {
		a, b := shades[i][channel], shades[i+1][channel]
		return uint8(math.Round(a + (b-a)*(at-float64(i))))
	}
	return color.NRGBA{mix(0), mix(1), mix(2), 255}
}

// withTexts puts text chunks behind the header of a PNG (ISO 15948, 11.3.4.3).
func withTexts(file []byte, texts [][2]string) []byte {
	const header = 8 + 4 + 4 + 13 + 4
	out := bytes.Clone(file[:header])
	for _, t := range texts {
		chunk := append([]byte("tEXt"+t[0]), 0)
		chunk = append(chunk, t[1]...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
		out = append(out, chunk...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	}
	return append(out, file[header:]...)
}
