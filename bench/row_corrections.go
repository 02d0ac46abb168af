package main

// correctionsRow compares the pipeline with one that counts positions as they are
// sent: no filter, no margin, every track at once.
func correctionsRow(people int) func(*suite) (outcome, error) {
	return func(s *suite) (outcome, error) {
		const mark = 0.8
		people := people
		if s.quick {
			people = min(people, 50_000)
		}
		load, err := startLoad(newCrowd(people))
		if err != nil {
			return outcome{}, err
		}
		defer load.kill()
		counted := func(name string, asSent bool) *side {
			return &side{name: name, unit: "position", run: func() (sample, error) {
				return s.measurePipeline(pipelineOptions{url: feedURL(load.first), zones: zonesFile(tiling(100).boxes()), asSent: asSent}, people)
			}}
		}
		corrected, asSent := counted("corrected, by default", false), counted("as sent", true)
		if err := alternate(s.repeat, corrected, asSent); err != nil {
			return outcome{}, err
		}
		ratio, byCPU := ratios(corrected, asSent, sample.rate), ratios(asSent, corrected, sample.cpuEach)
		return outcome{ratio.show("%.3f"), judge(ratio.median >= mark), []string{
			corrected.note(), asSent.note(), "by CPU instead of wall time: " + byCPU.show("%.2f"),
		}}, nil
	}
}
