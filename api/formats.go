package api

import (
	"io"
	"slices"
	"strings"

	"github.com/footfall/footfall/analytics"
)

// Format is a report's form; its text is the format parameter and the ending of a
// file's name.
type Format string

// Formats of reports.
const (
	FormatJSON    Format = "json"
	FormatCSV     Format = "csv"
	FormatXLSX    Format = "xlsx"
	FormatParquet Format = "parquet"
	FormatPNG     Format = "png" // of a heatmap alone
)

// Formats are all of them; JSON is what is answered where nothing is asked.
var Formats = []Format{FormatJSON, FormatCSV, FormatXLSX, FormatParquet, FormatPNG}

// mediaTypes are those of Formats.
var mediaTypes = []string{jsonType, csvType, xlsxType, parquetType, pngType}

const (
	xlsxType    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	parquetType = "application/vnd.apache.parquet"
)

// Encoder writes a report. Nothing reaches the writer before Close but what is
// surely part of a whole report so far; one that ends without Close looks cut off.
type Encoder interface {
	analytics.Output
	// Close completes the report; it does not close the writer. It must not be
	// called where the report ended with an error.
	Close() error
	// Discard frees what the encoder holds, after Close or instead of it.
	Discard()
}

// Encoder makes the format's encoder; single is the form for one location, which
// has no location_id in its rows. A format that is not one of Formats is JSON.
func (f Format) Encoder(w io.Writer, single bool) Encoder {
	switch f {
	case FormatCSV:
		return NewCSV(w, !single)
	case FormatXLSX:
		return NewXLSX(w, !single)
	case FormatParquet:
		return NewParquet(w, !single)
	case FormatPNG:
		return NewPNG(w)
	default:
		return NewJSON(w, single)
	}
}

// Binary reports whether the format is none to be read on a terminal.
func (f Format) Binary() bool { return f == FormatXLSX || f == FormatParquet || f == FormatPNG }

func (f Format) contentType() string {
	media := mediaTypes[slices.Index(Formats, f)]
	if f == FormatCSV {
		media += "; charset=utf-8"
	}
	return media
}

// mediaTypesFor are those that a report of some kinds may have.
func mediaTypesFor(kinds []string) []string {
	if slices.Equal(kinds, []string{"heatmap"}) {
		return mediaTypes
	}
	return slices.DeleteFunc(slices.Clone(mediaTypes), func(media string) bool { return media == pngType })
}

func formatOfMedia(media string) Format { return Formats[slices.Index(mediaTypes, media)] }

func formatNames() string {
	var names []string
	for _, f := range Formats {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
