package api

import "github.com/danielgtaylor/huma/v2"

// columnText is what the OpenAPI document says of a report's column.
type columnText struct {
	name     string
	kind     string // a JSON type
	null     bool   // where there is no data, or nothing to take the figure of
	text     string
	values   []any // all that it may be
	unsigned bool
}

func label(name, text string, values ...any) columnText {
	return columnText{name: name, kind: huma.TypeString, text: text, values: values}
}

func counted(name, text string) columnText {
	return columnText{name: name, kind: huma.TypeInteger, null: true, unsigned: true, text: text}
}

func measured(name, text string) columnText {
	return columnText{name: name, kind: huma.TypeNumber, null: true, unsigned: true, text: text}
}

const zoneText = "The zone's id. `location` is the location as a whole: its visits are the people themselves, from their first position to their track's end."

// sharedColumns are those that every row has; location_id is there in reports of
// many locations only.
var sharedColumns = []columnText{
	{name: "start", kind: "date-time", text: "Beginning of the row's interval, included."},
	{name: "end", kind: "date-time", text: "End of the row's interval, excluded."},
	{name: "coverage", kind: huma.TypeNumber, unsigned: true, text: "Share of the interval (of a bucket still open, of its settled part; with hours=open, of its open time), 0 to 1, in which data was coming in for the location: connected, or between the first and the last message of a recording. 0 is no data, which is not zero people: figures are then null, unless a visit was open, began or ended in the interval."},
	{name: "partial", kind: huma.TypeBoolean, text: "Whether the interval is not settled to its end, so that its figures may still change."},
}

// damagedColumn is in rows of damaged buckets alone, and in JSON alone.
var damagedColumn = columnText{name: "damaged", kind: huma.TypeBoolean, values: []any{true}, text: "What is stored of the interval is damaged on the disk, or may be: coverage is then 0 and the figures are null. Only in such rows."}

// hoursColumn is in the rows of kinds that show an average over time.
var hoursColumn = label("hours", "The hours over which the averages are: `all`, or `open`, the location's opening hours.", "all", "open")

// kindText says what a kind of report tells and what its own columns are.
type kindText struct {
	kind    string
	schema  string
	text    string
	columns []columnText
}

const ledgerText = "Why each zone's count is what it is, for each entry and exit by its reason. In every row " +
	"occupancy_from + entries_crossed + entries_appeared + entries_reset − exits_crossed − exits_lost − exits_expired − exits_zone_removed − exits_reset = occupancy_to."

const funnelText = "How far people came along the location's `funnel`, an ordered list of zones in the configuration. A person reaches stage 1 at the first entry to the first zone, stage n at the first entry to the n-th zone at or after the instant stage n − 1 was reached; other zones between do not matter. " +
	"Each is counted when the stage was reached. rate_previous = count / count of stage n − 1, rate_first = count / count of stage 1. With a passage in front of the door as stage 1, the capture rate is rate_first of the entrance. " +
	"A location without a funnel has no rows; one whose funnel was changed counts the new one from then on. `zone` selects stages by their zone."

const queueText = "How long people waited in zones of kind `queue` for their `service` zone. A wait is a person's stay in the queue zone; a step aside shorter than `reports.queue_grace` does not end it. It is served when the person enters the service zone, at or after the wait's beginning and less than queue_grace after the queue was last left; else it is abandoned. " +
	"A queue visit that begins while the person is in the service zone is no wait. Rows are `partial` until the grace can no longer change them."

const heatmapText = "Where people were: person-seconds on a grid of `heatmap.cell` cm, over their last known positions. A row for each cell that anybody was in, bucket by bucket, line by line; a cell is [x, x + cell) × [y, y + cell). All cells add up to the `person_seconds` of `location`, unless it is counted by gates. " +
	"More than 65,536 cells in a minute are counted in coarser ones, and each row says its own size, as it does where `heatmap.cell` was changed. `format=png` is the picture of one location's whole interval; `zone` cannot be given."

const groupsText = "People who came together. Two belong together when they appeared within 10 s of each other and, compared at whole seconds at their last known positions, were within 150 cm of each other for at least 80 % of the first minute that both were there, 10 s of it at least; a group is two or more joined by such pairs. " +
	"Beside people, never instead of them: every figure elsewhere counts people. Rows are `partial` until the first minute of everybody in them is over. With more than 2,048 people appearing within 70 s some are not looked at. `zone` cannot be given."

var kindTexts = []kindText{
	{"occupancy", "OccupancyRow", "How many people were in each zone, and how many came and went.", []columnText{
		label("zone_id", zoneText),
		counted("entries", "Visits that began in the interval. An entry is a stay inside of at least enter_after, dated back to its first position inside."),
		counted("exits", "Visits that ended in the interval. An exit is a stay outside of at least exit_after, dated back to its first position outside, or the person's loss."),
		counted("occupancy_min", "Fewest people at one instant of the covered part of the interval."),
		measured("occupancy_mean", "Mean number of people over the covered part of the interval: its person-seconds divided by its length."),
		counted("occupancy_max", "Most people at one instant of the covered part of the interval."),
		measured("person_seconds", "The integral of the number of people over the interval, in seconds."),
	}},
	{"dwell", "DwellRow", "How long people stayed: over the visits that ended in the interval. Of a location counted by gates the figures are null, its zones have theirs.", []columnText{
		label("zone_id", zoneText),
		counted("visits", "Visits that ended in the interval. A visit is from one entry to the next exit of the same person and zone."),
		measured("dwell_mean", "Mean length of these visits, in seconds; null without any."),
		measured("dwell_median", "Median length of these visits, in seconds, to within 1 %; null without any."),
		measured("dwell_p90", "The length that 90 % of these visits stayed below, in seconds, to within 1 %; null without any."),
		measured("dwell_max", "Length of the longest of these visits, in seconds; null without any."),
		counted("ongoing", "Visits open at the interval's end; they are in no other figure of the row."),
	}},
	{"demographics", "DemographicsRow", "Who stayed: the visits that ended in the interval, by gender and age. A zone has a row for each of the 24 classes. Of a location counted by gates the figures are null, its zones have theirs.", []columnText{
		label("zone_id", zoneText),
		label("gender", "The majority of the estimates received for the person by the visit's end; unknown without any, or where they tie.", "male", "female", "unknown"),
		label("age_band", "The band of the median of the ages estimated for the person by the visit's end, in years; unknown without any.", "0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+", "unknown"),
		{name: "suppressed", kind: huma.TypeBoolean, null: true, text: "Whether the cell's figures are withheld, and therefore null: it is one of 1 to `privacy.min_cell` − 1 visits, or could give one back, together with others and the zone's total. docs/privacy.md has the rules: days of the location's calendar are shown, whole months that are over, and hours once their day is over."},
		counted("visits", "Visits of this class that ended in the interval; null where suppressed."),
		measured("dwell_mean", "Mean length of these visits, in seconds; null without any, and where suppressed."),
	}},
	{"flows", "FlowRow", "How people went from zone to zone. A row for each pair of zones between which anyone went from `from` to `to`; the location as a whole is none of them.", []columnText{
		label("from_zone", "Id of the zone that was visited before."),
		label("to_zone", "Id of the zone that was visited next."),
		counted("count", "How often a person's next visit after one to from_zone was to to_zone, entered no earlier than from_zone was left; counted when to_zone was entered."),
	}},
	{"lines", "LineRow", "How people crossed counting lines. The direction `in` is from the line's left to its right, looking from its first to its last vertex, unless the line turns it round.", []columnText{
		label("line_id", "The line's id."),
		counted("in", "Confirmed crossings inwards: not crossed back within enter_after, or before the track ended."),
		counted("out", "Confirmed crossings outwards."),
		counted("net_in", "People who, when their track ended, had crossed inwards more often than outwards."),
		counted("net_out", "People who, when their track ended, had crossed outwards more often than inwards."),
	}},
	{"visits", "VisitsRow", "How many came, and whether they stayed. Of `location` the entries are the footfall. A location counted by gates has its entries, and null for the rest; its zones have all.", []columnText{
		label("zone_id", zoneText),
		counted("entries", "Visits that began in the interval."),
		counted("visitors", "Those of the entries that are the person's first to the zone: people, not entries. Somebody who comes back under a new track is a new visitor: nothing identifies a person beyond a track."),
		counted("visits", "Visits that ended in the interval."),
		counted("bounces", "Those of the visits that were shorter than `reports.bounce_under`."),
		counted("engaged", "Those of the visits that were of `reports.engaged_over` or longer."),
	}},
	{"funnel", "FunnelRow", funnelText, []columnText{
		{name: "stage", kind: huma.TypeInteger, unsigned: true, text: "The stage's place in the funnel, from 1."},
		label("zone_id", "The stage's zone."),
		counted("count", "People who reached the stage in the interval."),
		measured("rate_previous", "count divided by that of the stage before, in the same interval; of the first stage by its own; null where that is 0."),
		measured("rate_first", "count divided by that of stage 1, in the same interval; null where that is 0."),
	}},
	{"queue", "QueueRow", queueText, []columnText{
		label("zone_id", "The queue zone's id."),
		counted("joined", "Waits that began in the interval."),
		counted("served", "Waits that ended in the interval with an entry to the service zone."),
		counted("abandoned", "Waits that ended in the interval otherwise; they ended when the queue was last left."),
		measured("served_wait_mean", "Mean length of the served waits, in seconds; null without any."),
		measured("served_wait_median", "Median length of the served waits, in seconds, to within 1 %; null without any."),
		measured("served_wait_p90", "The length that 90 % of the served waits stayed below, in seconds, to within 1 %; null without any."),
		measured("abandoned_wait_mean", "Mean length of the abandoned waits, in seconds; null without any."),
		measured("abandoned_wait_median", "Median length of the abandoned waits, in seconds, to within 1 %; null without any."),
		measured("abandoned_wait_p90", "The length that 90 % of the abandoned waits stayed below, in seconds, to within 1 %; null without any."),
		counted("queue_max", "Most people in the queue zone at one instant of the covered part of the interval; null without data."),
		counted("over_target", "Served waits longer than the queue's `wait_target` of then (3 minutes unless set)."),
	}},
	{"utilization", "UtilizationRow", "How well each zone was used, over all hours, as far as they were under data.", []columnText{
		label("zone_id", zoneText),
		counted("capacity", "The zone's capacity now, in people; null without one, or without data."),
		measured("utilization", "occupancy_mean divided by capacity, 1 being full on average; null without a capacity."),
		measured("occupied_share", "Share of the covered time with at least one person there, 0 to 1; null where part of the interval was counted before this figure was kept."),
		measured("full_share", "Share of the covered time with as many people there as the zone's capacity at that time, or more, 0 to 1; null without a capacity, or where somebody was there while none was set."),
	}},
	{"peaks", "PeaksRow", "The typical week: for each weekday and hour of the location's clock, how many people were there, over all such hours of the interval; 168 rows a zone. `bucket` is left out; `start` and `end` are the interval's.", []columnText{
		label("zone_id", zoneText),
		{name: "weekday", kind: huma.TypeInteger, unsigned: true, text: "The calendar's weekday, 1 for Monday to 7 for Sunday."},
		{name: "hour", kind: huma.TypeInteger, unsigned: true, text: "The hour of the clock, 0 to 23. One that the clock shows twice on a day counts twice as long."},
		counted("days", "Dates with data among them."),
		measured("occupancy_mean", "Mean number of people over the covered time of these hours; null without any."),
		counted("occupancy_max", "Most people at one instant of them; null without data."),
	}},
	{"heatmap", "HeatmapRow", heatmapText, []columnText{
		{name: "x", kind: huma.TypeInteger, text: "The cell's least x, in cm."},
		{name: "y", kind: huma.TypeInteger, text: "The cell's least y, in cm."},
		{name: "cell", kind: huma.TypeInteger, unsigned: true, text: "The cell's side, in cm: `heatmap.cell` of then."},
		measured("person_seconds", "The integral over the interval of the number of people whose last known position lay in the cell, in seconds."),
	}},
	{"groups", "GroupsRow", groupsText, []columnText{
		counted("groups", "Groups whose last member appeared in the interval."),
		counted("people", "The people in them."),
		measured("size_mean", "people divided by groups; null without any."),
	}},
	{"ledger", "LedgerRow", ledgerText, []columnText{
		label("zone_id", zoneText),
		counted("occupancy_from", "Visits open right before the interval: entered before its beginning, and not left by then. It is occupancy_to of the row before."),
		counted("entries_crossed", "Entries of people who were seen outside first; of a location counted by gates, its lines' crossings inwards."),
		counted("entries_appeared", "Entries of people never seen outside."),
		counted("exits_crossed", "Exits of people seen outside afterwards; of a location counted by gates, its lines' crossings outwards, but for those clamped."),
		counted("exits_lost", "Exits of people whom the sensor lost."),
		counted("exits_expired", "Exits of people of whom nothing came for expire_after, when last heard of."),
		counted("exits_zone_removed", "Exits because a reload took the zone away."),
		counted("entries_reset", "What resets added to the count of a location counted by gates."),
		counted("exits_reset", "What resets took from it, those at day_start included."),
		counted("clamped", "Crossings outwards of a location counted by gates while its count was 0: no exits, and not in the sum."),
		counted("occupancy_to", "Visits open at the interval's end: entered before it, and not left before it."),
		counted("stitched", "Tracks that continued one that was lost, by their first position after the gap; in a zone, of people whose visit was open before the gap and who were in it again right after."),
		counted("ghosts", "Tracks that were never counted because they did not earn it, by their first position; in a zone, those that it lay in."),
	}},
}
