package api

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/footfall/footfall/analytics"
)

// reportText says of both kinds of reports what they have alike.
func reportText() string {
	var b strings.Builder
	for _, k := range kindTexts {
		fmt.Fprintf(&b, "- `%s`: %s\n", k.kind, k.text)
	}
	b.WriteString("\nRows come bucket by bucket, in each by zone (or line, or pair of zones), unless `sort` ranks them. They are settled figures, but for the rows marked `partial`.\n\n" +
		"`from` and `to` may be instants (`2026-03-02T09:00:00Z`; a plus sign is written `%2B`), " +
		"local times (`2026-03-02T11:00`) or dates (`2026-03-02`: the beginning of that business day); the latter two are read in `tz`, or in each location's own time zone. " +
		"They are widened to whole minutes, and the answer then says `widened`.\n\n" +
		"Minutes, quarter hours and days are kept for a time each (`retention`). A report that would need what is deleted is refused (400, `from`) and says what can be asked instead: by the quarter hour or longer, or by whole days.\n\n" +
		"The answer is streamed. Should an error come once it has begun, the connection is cut, so that an answer that ends well is whole.")
	return b.String()
}

var locationParam = &huma.Param{
	Name: "location", In: "path", Required: true, Description: "The location's id.",
	Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}, Example: 21,
}

var locationsParam = &huma.Param{
	Name: "location", In: "query", Description: "A location's id; may be repeated. Left out: all locations.",
	Schema:  &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeInteger, Format: "int64"}},
	Example: []int{21, 22},
}

var ifNoneMatchParam = &huma.Param{
	Name: "If-None-Match", In: "header", Description: "The ETag of the answer that the client has.",
	Schema: &huma.Schema{Type: huma.TypeString}, Example: `"21-4VJ6ZQ2M7RXA-918"`,
}

func reportParams() []*huma.Param {
	optional := func(name, description string, example any, schema *huma.Schema) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: description, Schema: schema, Example: example}
	}
	least, most := 1.0, float64(analytics.MaxRows)
	bucket := &huma.Schema{Type: huma.TypeString}
	for b := analytics.Bucket1m; b <= analytics.Bucket1mo; b++ {
		bucket.Enum = append(bucket.Enum, b.String())
	}
	return []*huma.Param{
		optional("from", "Beginning of the report, included: an instant, a local time or a date. Left out: the beginning of the location's business day today.",
			"2026-03-02T09:00:00Z", &huma.Schema{Type: huma.TypeString}),
		optional("to", "End of the report, excluded: an instant, a local time or a date. Left out: now, rounded up to the minute.",
			"2026-03-02T18:00:00Z", &huma.Schema{Type: huma.TypeString}),
		optional("bucket", "How the interval is cut: minutes, hours, days, weeks from Monday, months; days, weeks and months begin with the location's business day. The first and last row are clipped to the interval. Left out: one row for the whole interval.",
			"1h", bucket),
		optional("hours", "`open` restricts each location's report to its `opening_hours` and `closures`, by its own clock, whatever tz is; those that are configured now, for all of its history. Then each row is the open part of its bucket: figures are over the open time in it, coverage is the share of the open time, and `ongoing` is at the end of its last open time. A bucket without any open time has no row (with `compare`: unless the other interval's has). A location without opening hours is open throughout. `ledger`, which follows a count from its beginning to its end, is refused. Open time of less than a day is read from quarter hours. Left out: all hours.",
			"open", &huma.Schema{Type: huma.TypeString, Enum: []any{"all", "open"}}),
		optional("tz", "The IANA time zone whose clock cuts the buckets and reads times without an offset. Left out: each location's own.",
			"Europe/Helsinki", &huma.Schema{Type: huma.TypeString}),
		optional("zone", "Only this zone (of `lines`: this line; of `flows`: pairs with this zone); may be repeated. Left out: all, and of `flows` all pairs between which anyone went.",
			[]string{"entrance"}, &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}}),
		optional("compare", "Sets the figures of another interval beside these, as `previous_start` and each figure with the suffix `_previous`: `previous`, back by the fewest whole weeks that cover the interval; `last_year`, back by 52 weeks; an instant, a local time or a date, from then on for as long. Shifted by the clock that cuts the buckets, so that hours stand beside the same hours across clock changes. Buckets are paired in order, in each the rows of the same zone, line or pair; where the other interval has fewer, these fields are null.",
			"previous", &huma.Schema{Type: huma.TypeString}),
		optional("sort", "Ranks the rows of the whole answer, all locations and buckets together, by a figure of the kind (with `compare`, `_previous` ones too); with `-` before it the greatest first. Rows where it is null come last either way, equal ones in the report's order. Up to 100,000 rows are ranked, or any number with `limit`.",
			"-entries", &huma.Schema{Type: huma.TypeString}),
		optional("limit", "The most rows of the answer: with `sort` the first of the ranking (100,000 at most), else the first of the report.",
			10, &huma.Schema{Type: huma.TypeInteger, Minimum: &least, Maximum: &most}),
		optional("format", "The format of the answer; `png` of a heatmap alone. Left out: as the Accept header says, or JSON.",
			"json", &huma.Schema{Type: huma.TypeString, Enum: []any{"json", "csv", "xlsx", "parquet", "png"}}),
	}
}
