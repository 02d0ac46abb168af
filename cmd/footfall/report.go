package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/boltstore"
)

type reportOptions struct {
	locations                      []int64
	from, to, bucket, tz           string
	zones                          []string
	hours, compare, sort, limit    string
	format, output, url, tokenFile string
}

func newReport() *cobra.Command {
	var o reportOptions
	c := &cobra.Command{
		Use:   "report KIND[,KIND…]",
		Short: "Print a report from the database file or a running server",
		Long: fmt.Sprintf(`Prints a report: %s.

It reads the database file, which no server may hold, or asks a running server with
--url. Times are RFC 3339 instants, or dates and local times in --tz or else the
location's time zone. The JSON is the API's; what each figure means is in
docs/definitions.md. As xlsx, kinds separated by commas are sheets of one workbook.`, strings.Join(analytics.Kinds(), ", ")),
		Example: `  footfall report occupancy --location 21 --from 2026-03-02 --to 2026-03-03 --bucket 1h
  footfall report occupancy,dwell --from 2026-03-02 --to 2026-03-09 --bucket 1d --output week.xlsx
  footfall report occupancy --zone location --from 2026-03-02 --to 2026-03-03 --sort=-entries --limit 10
  footfall report utilization --hours open --from 2026-03-02 --to 2026-03-09 --bucket 1d
  footfall report dwell --url http://127.0.0.1:8080 --format csv`,
		Args:      arguments(cobra.ExactArgs(1)),
		ValidArgs: analytics.Kinds(),
		RunE:      func(c *cobra.Command, args []string) error { return printReport(c, args[0], o) },
	}
	f := c.Flags()
	o.addFlags(f, "the start of today", "now")
	f.StringVar(&o.hours, "hours", "", "open: opening hours alone (default all)")
	f.StringVar(&o.compare, "compare", "", "figures of another interval beside: previous, last_year, or the instant it begins at")
	f.StringVar(&o.sort, "sort", "", "figure to rank the rows by, with - before it the greatest first")
	f.StringVar(&o.limit, "limit", "", "most rows (default all)")
	f.StringVar(&o.format, "format", "", "table, csv, json, xlsx, parquet or (of a heatmap) png (default by the ending of --output, or else table)")
	f.StringVarP(&o.output, "output", "o", "", "file to write, which is there once it is whole (default standard output)")
	f.StringVar(&o.url, "url", "", "address of a running server, such as http://127.0.0.1:8080")
	f.StringVar(&o.tokenFile, "token-file", "", "file with the token for --url (or FOOTFALL_TOKEN)")
	addConfigFlags(c)
	return c
}

// addFlags adds those that say what is asked; from and to are the defaults in words.
func (o *reportOptions) addFlags(f *pflag.FlagSet, from, to string) {
	f.Int64SliceVar(&o.locations, "location", nil, "location (repeatable; default all)")
	f.StringVar(&o.from, "from", "", "beginning, inclusive (default "+from+")")
	f.StringVar(&o.to, "to", "", "end, exclusive (default "+to+")")
	f.StringVar(&o.bucket, "bucket", "", "1m, 5m, 15m, 30m, 1h, 1d, 1w or 1mo (default one row)")
	f.StringVar(&o.tz, "tz", "", "IANA time zone that cuts the buckets (default the location's)")
	f.StringArrayVar(&o.zones, "zone", nil, "zone or line (repeatable; default all)")
}

func printReport(c *cobra.Command, kinds string, o reportOptions) error {
	o.formatByOutput()
	if err := o.checkFormat(reportFormats()); err != nil {
		return err
	}
	asked := slices.Compact(strings.Split(kinds, ","))
	for _, kind := range asked {
		if !slices.Contains(analytics.Kinds(), kind) {
			return withCode(exitUsage, fmt.Errorf("there is no report %q; there are %s", kind, strings.Join(analytics.Kinds(), ", ")))
		}
	}
	if len(asked) > 1 && o.format != string(api.FormatXLSX) {
		return withCode(exitUsage, fmt.Errorf("%s: several kinds are sheets of a workbook: use --format xlsx, or ask for one", kinds))
	}
	return o.write(c, func(w io.Writer) error {
		if o.url != "" {
			return remoteReport(c, w, asked, o)
		}
		return localReport(c, w, asked, o)
	})
}

// localReport reads the database file.
func localReport(c *cobra.Command, w io.Writer, kinds []string, o reportOptions) error {
	cfg, err := loadConfig(c)
	if err != nil {
		return err
	}
	store, err := openStore(cfg.Database, boltstore.Options{ReadOnly: true, Logger: newLogger(c.ErrOrStderr())})
	if err != nil {
		return err
	}
	defer store.Close()
	now := time.Now().UnixMicro()
	reports := &analytics.Reports{Store: store, MinCell: cfg.Privacy.MinCell, Open: func(_ context.Context, id int64) (*analytics.Open, error) {
		return storedOpen(store, id, now)
	}}
	out := api.Format(o.fetched()).Encoder(w, len(o.locations) == 1)
	defer out.Discard()
	for _, kind := range kinds {
		query, err := o.query(store, kind, now)
		if err != nil {
			return err
		}
		if len(kinds) > 1 {
			query.Bucket = analytics.BucketOf(kind, query.Bucket)
		}
		if err := reports.Run(c.Context(), query, out); err != nil {
			return asUsage(err)
		}
	}
	return out.Close()
}

func asUsage(err error) error {
	var wrong *analytics.QueryError
	if errors.As(err, &wrong) {
		return withCode(exitUsage, err)
	}
	if errors.Is(err, analytics.ErrDamaged) {
		return withCode(exitDatabase, err)
	}
	return err
}

func storedOpen(store *boltstore.Store, id, now int64) (open *analytics.Open, err error) {
	err = store.View(func(v analytics.View) error {
		stored, err := analytics.Load(v, id)
		if stored != nil && err == nil {
			open = analytics.OpenStored(stored, now)
		}
		return err
	})
	return open, err
}

// query reads the options as the API does; what a location's time zone is, the
// database knows.
func (o reportOptions) query(store *boltstore.Store, kind string, now int64) (q analytics.Query, err error) {
	err = store.View(func(v analytics.View) error {
		locations := o.locations
		if len(locations) == 0 {
			if locations, err = analytics.LocationIDs(v); err != nil {
				return err
			}
		}
		if len(locations) == 0 {
			return fmt.Errorf("%s holds no location yet", store.Path())
		}
		q, err = api.NewQuery(kind, locations, o.values(), time.UnixMicro(now), func(id int64) (*time.Location, int) {
			return clockOf(v, id)
		})
		return asUsage(err)
	})
	return q, err
}

// values are the options as the API's query parameters.
func (o reportOptions) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"from": o.from, "to": o.to, "bucket": o.bucket, "tz": o.tz, "hours": o.hours, "compare": o.compare, "sort": o.sort, "limit": o.limit} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(o.zones) > 0 {
		v["zone"] = o.zones
	}
	return v
}

// clockOf is a location's clock; one that is not known is told of later.
func clockOf(v analytics.View, location int64) (*time.Location, int) {
	profile, err := analytics.LoadProfile(v, location)
	if profile == nil || err != nil {
		return nil, 0
	}
	calendar, err := profile.Calendar()
	if err != nil {
		return nil, 0
	}
	return calendar.Zone, calendar.DayStart
}
