package api

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"strconv"
	"strings"
)

const (
	svgType = "image/svg+xml"

	mostPlanSide   = 16_384     // pixels
	mostPlanPixels = 50_000_000 // of a PNG
	mostNested     = 200        // elements of an SVG in each other
)

// Picture is what a floor plan shows, as its bytes say, whatever its sender says.
type Picture struct {
	Media         string // image/png or image/svg+xml
	Body          []byte
	Width, Height float64 // pixels; an SVG's own units
}

var pngEnd = []byte("\x00\x00\x00\x00IEND\xaeB`\x82")

// ReadPicture tells a PNG or an SVG by its content. The error is for whoever sent it.
func ReadPicture(body []byte) (Picture, error) {
	if bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")) {
		return readPNG(body)
	}
	if trimmed := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\uFEFF")), " \t\r\n"); bytes.HasPrefix(trimmed, []byte("<")) {
		return readSVG(body)
	}
	return Picture{}, errors.New("the body is neither a PNG nor an SVG")
}

func readPNG(body []byte) (Picture, error) {
	c, err := png.DecodeConfig(bytes.NewReader(body))
	switch {
	case err != nil:
		return Picture{}, fmt.Errorf("the PNG cannot be read: %w", err)
	case !bytes.HasSuffix(body, pngEnd):
		return Picture{}, errors.New("the PNG does not end as one does: it was cut, or something was added")
	case c.Width > mostPlanSide || c.Height > mostPlanSide || c.Width*c.Height > mostPlanPixels:
		return Picture{}, fmt.Errorf("the PNG has %d by %d pixels; a side may have %d, and all of it %d", c.Width, c.Height, mostPlanSide, mostPlanPixels)
	}
	return Picture{pngType, body, float64(c.Width), float64(c.Height)}, nil
}

func readSVG(body []byte) (Picture, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("it is not UTF-8") }
	p := Picture{Media: svgType, Body: body}
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Picture{}, fmt.Errorf("the SVG cannot be read: %w", err)
		}
		switch token := token.(type) {
		case xml.Directive:
			if bytes.ContainsRune(token, '[') {
				return Picture{}, errors.New("the SVG declares entities, which are not taken: remove what is in [ ] in <!DOCTYPE …>")
			}
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > mostNested {
				return Picture{}, fmt.Errorf("the SVG nests more than %d elements", mostNested)
			}
			if depth > 1 {
				continue
			}
			roots++
			if p.Width, p.Height, err = sizeOf(token); err != nil {
				return Picture{}, err
			}
		}
	}
	if roots != 1 {
		return Picture{}, errors.New("the SVG has not one root")
	}
	return p, nil
}

// sizeOf reads an SVG's size: width and height, or else its viewBox.
func sizeOf(root xml.StartElement) (width, height float64, err error) {
	if root.Name.Local != "svg" || root.Name.Space != "http://www.w3.org/2000/svg" {
		return 0, 0, fmt.Errorf("the body is XML, but no SVG: its root is %q", root.Name.Local)
	}
	attributes := map[string]string{}
	for _, a := range root.Attr {
		if a.Name.Space == "" {
			attributes[a.Name.Local] = a.Value
		}
	}
	width, height = pixels(attributes["width"]), pixels(attributes["height"])
	if box := strings.FieldsFunc(attributes["viewBox"], func(r rune) bool { return r == ' ' || r == ',' }); (width == 0 || height == 0) && len(box) == 4 {
		width, height = pixels(box[2]), pixels(box[3])
	}
	if width <= 0 || height <= 0 || width > mostPlanSide || height > mostPlanSide {
		return 0, 0, fmt.Errorf("the SVG has no size: give it width and height in pixels, or a viewBox, above 0 and up to %d", mostPlanSide)
	}
	return width, height, nil
}

// pixels is 0 where the text is no number of pixels.
func pixels(text string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "px"), 64)
	if err != nil || !(n > 0 && n <= mostPlanSide) {
		return 0
	}
	return n
}
