package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// reportRow asks a service for a year by the hour, and PostgreSQL for the same rows
// as JSON: from hourly rows that are there already, which is the fairest to it and
// has the mark, and summed up from quarter hours as the service does.
func reportRow(s *suite) (outcome, error) {
	const mark = 0.5
	version, err := postgresVersion(s.postgres)
	if err != nil {
		return notMeasured("%v in %s (apt-get install postgresql-15; -postgres names another folder)", err, s.postgres), nil
	}
	h, err := s.pastYear()
	if err != nil {
		return outcome{}, err
	}
	service, err := s.startService(serviceOptions{zones: h.zones, database: h.database})
	if err != nil {
		return outcome{}, err
	}
	defer service.stop()
	memory, err := service.reportMemory(h)
	if err != nil {
		return outcome{}, err
	}
	db, err := startPostgres(s.postgres, s.path("postgres"))
	if err != nil {
		return outcome{}, err
	}
	defer db.stop()
	if err := db.load(service, h); err != nil {
		return outcome{}, err
	}
	ours := &side{name: "footfall", unit: "row", run: func() (sample, error) { return service.year(h) }}
	stored := &side{name: "PostgreSQL, hourly rows stored", unit: "row", run: func() (sample, error) { return db.stream(hourlyStored) }}
	summed := &side{name: "PostgreSQL, summed from quarter hours", unit: "row", run: func() (sample, error) { return db.stream(hourlySummed) }}
	if err := alternate(1, ours, stored, summed); err != nil { // warms all caches
		return outcome{}, err
	}
	ours.samples, stored.samples, summed.samples = nil, nil, nil
	if err := alternate(s.repeat, ours, stored, summed); err != nil {
		return outcome{}, err
	}
	if a, b, c := ours.samples[0].units, stored.samples[0].units, summed.samples[0].units; a != b || a != c {
		return outcome{}, fmt.Errorf("the rows differ in number: %d, %d and %d", a, b, c)
	}
	ratio := ratios(ours, stored, sample.wallEach)
	return outcome{ratio.show("%.3f"), judge(ratio.median <= mark), []string{
		"to quarter hours summed up: " + ratios(ours, summed, sample.wallEach).show("%.2f"),
		"by server CPU instead of wall time: " + ratios(ours, stored, sample.cpuEach).show("%.2f") + " and " + ratios(ours, summed, sample.cpuEach).show("%.2f"),
		fmt.Sprintf("%d rows, the location's own among them; %s, default settings, vacuumed, over its socket to psql", ours.samples[0].units, version),
		memory, ours.note(), stored.note(), summed.note(),
		fmt.Sprintf("whole reports in %s s, %s s and %s s", seconds(ours), seconds(stored), seconds(summed)), h.note(),
	}}, nil
}

// reportMemory asks for a month by the hour and then for all, and tells the memory
// that the service has taken after each.
func (s *service) reportMemory(h *history) (string, error) {
	month := *h
	if month.to = h.from.AddDate(0, 1, 0); month.to.After(h.to) {
		month.to = h.to
	}
	var taken [2]float64
	for i, over := range []*history{&month, h} {
		if _, err := s.year(over); err != nil {
			return "", err
		}
		var err error
		if taken[i], err = s.memory(); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("the service had taken %.1f MB of memory after a month, %.1f MB after the year (the mapped file not in it)", taken[0]/1e6, taken[1]/1e6), nil
}

func seconds(s *side) string {
	return spreadOf(s.each(func(one sample) float64 { return one.took.Seconds() })).show("%.2f")
}

// Tables of the same columns as the report; "end" and the rest are its names.
const (
	tableColumns = `(start timestamptz NOT NULL, "end" timestamptz NOT NULL, coverage float8, partial bool, zone_id text NOT NULL,
	entries bigint, exits bigint, occupancy_min bigint, occupancy_mean float8, occupancy_max bigint, person_seconds float8, hours text, location bigint NOT NULL DEFAULT 1`
	createTables = `CREATE TABLE quarters ` + tableColumns + `, PRIMARY KEY (location, zone_id, start));
	CREATE TABLE hours ` + tableColumns + `, PRIMARY KEY (location, start, zone_id))`
	loadTable = `COPY %s (start, "end", coverage, partial, zone_id, entries, exits, occupancy_min, occupancy_mean, occupancy_max, person_seconds, hours) FROM STDIN (FORMAT csv, HEADER true)`

	reported     = `start, "end", coverage, partial, zone_id, entries, exits, occupancy_min, occupancy_mean, occupancy_max, person_seconds, hours`
	theYear      = `location = 1 AND start >= '2025-01-01T00:00:00Z' AND start < '2026-01-01T00:00:00Z'`
	hourlyStored = `COPY (SELECT row_to_json(r) FROM (SELECT ` + reported + ` FROM hours WHERE ` + theYear + ` ORDER BY start, zone_id) r) TO STDOUT`
	hourlySummed = `COPY (SELECT row_to_json(r) FROM (SELECT date_trunc('hour', start, 'UTC') AS start, max("end") AS "end", avg(coverage) AS coverage,
	bool_or(partial) AS partial, zone_id, sum(entries)::bigint AS entries, sum(exits)::bigint AS exits, min(occupancy_min) AS occupancy_min,
	avg(occupancy_mean) AS occupancy_mean, max(occupancy_max) AS occupancy_max, sum(person_seconds) AS person_seconds, 'all' AS hours
	FROM quarters WHERE ` + theYear + ` GROUP BY date_trunc('hour', start, 'UTC'), zone_id ORDER BY 1, zone_id) r) TO STDOUT`
)

// load fills the tables with the service's own rows.
func (p *postgres) load(service *service, h *history) error {
	if err := p.run(createTables); err != nil {
		return err
	}
	for at := h.from; at.Before(h.to); at = at.AddDate(0, 1, 0) {
		end := at.AddDate(0, 1, 0)
		if end.After(h.to) {
			end = h.to
		}
		for table, bucket := range map[string]string{"quarters": "15m", "hours": "1h"} {
			rows, err := service.get(reportPath(at, end, bucket, "csv"))
			if err != nil {
				return err
			}
			if err := p.psql(fmt.Sprintf(loadTable, table), bytes.NewReader(rows), io.Discard); err != nil {
				return err
			}
		}
	}
	for _, table := range []string{"quarters", "hours"} {
		if err := p.run("VACUUM ANALYZE " + table); err != nil { //nolint:misspell // its word
			return err
		}
	}
	return nil
}

func reportPath(from, to time.Time, bucket, format string) string {
	return "/api/v1/locations/1/reports/occupancy?" + url.Values{
		"from": {from.Format(time.RFC3339)}, "to": {to.Format(time.RFC3339)}, "bucket": {bucket}, "tz": {"UTC"}, "format": {format},
	}.Encode()
}

// year asks for the hourly rows as JSON and counts them.
func (s *service) year(h *history) (one sample, err error) {
	began, used := time.Now(), s.cpu()
	response, err := http.Get("http://" + s.address + reportPath(h.from, h.to, "1h", "json"))
	if err != nil {
		return one, err
	}
	defer response.Body.Close()
	rows := &rowCounter{}
	_, err = io.CopyBuffer(struct{ io.Writer }{rows}, response.Body, make([]byte, 64<<10))
	return sample{units: rows.n, took: time.Since(began), cpu: s.cpu() - used}, err
}

// rowCounter counts the rows of a report by what only they have.
type rowCounter struct {
	n    int64
	tail []byte
}

var rowMark = []byte(`"zone_id":`)

func (r *rowCounter) Write(b []byte) (int, error) {
	most := len(rowMark) - 1 // bytes of a mark that the next piece may end
	seam := append(r.tail, b[:min(len(b), most)]...)
	r.n += int64(bytes.Count(seam, rowMark) + bytes.Count(b, rowMark))
	if len(b) > most {
		seam = b
	}
	r.tail = append(r.tail[:0], seam[max(0, len(seam)-most):]...)
	return len(b), nil
}
