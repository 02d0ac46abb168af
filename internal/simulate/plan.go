package simulate

import (
	"bytes"
	"fmt"
)

// PlanOrigin is where the lower left corner of Plan's picture lies, in cm; a pixel is a
// centimetre.
var PlanOrigin = [2]float64{-350, -420}

const (
	planWidth  = 2500.0
	planHeight = 1650.0
)

// Plan is a floor plan of the simulated shop, an SVG of what its people walk round. Its
// colours do on a light page and on a dark one.
func Plan() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">`+"\n", planWidth, planHeight, planWidth, planHeight)
	draw(&b, rect{-350, -420, 2150, facade}, "#8a8f98", 0.10, 0)
	draw(&b, rect{0, facade, shopRight, shopTop}, "#b9a27c", 0.16, 0)
	for x := -350.0; x < 2150; x += 250 {
		fmt.Fprintf(&b, `<path d="M%g %gV%g" stroke="#8a8f98" stroke-opacity=".18" stroke-width="3"/>`+"\n", x-PlanOrigin[0], PlanOrigin[1]+planHeight-facade, planHeight)
	}
	for _, w := range walls {
		draw(&b, clipped(w), "#6d737d", 0.75, 0)
	}
	for _, s := range shelves {
		draw(&b, s.rect, "#9c8563", 0.42, 8)
	}
	for _, c := range cabins {
		draw(&b, rect{c.x - 50, c.y + 45, c.x + 50, c.y + 58}, "#9c8563", 0.42, 4)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// clipped is what of a rectangle is in the picture.
func clipped(r rect) rect {
	return rect{max(r.x0, PlanOrigin[0]), max(r.y0, PlanOrigin[1]), min(r.x1, PlanOrigin[0]+planWidth), min(r.y1, PlanOrigin[1]+planHeight)}
}

// draw turns y round: a picture's goes down, a floor's up.
func draw(b *bytes.Buffer, r rect, colour string, opacity, radius float64) {
	fmt.Fprintf(b, `<rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="%s" fill-opacity="%g"/>`+"\n",
		r.x0-PlanOrigin[0], PlanOrigin[1]+planHeight-r.y1, r.x1-r.x0, r.y1-r.y0, radius, colour, opacity)
}
