package engine

// Summary is what a replay counted.
type Summary struct {
	Messages  int64 // positions, losses and estimates
	Skipped   int64 // malformed lines
	StepsBack int64 // messages taken at the latest time before them
	Unknown   int64 // messages of types that are not counted

	First, Last int64 // times of the first and the last message, Unix µs; 0 without any
}

// span takes in a recording's first and last time.
func (s *Summary) span(first, last int64) {
	if s.First == 0 || first < s.First && first != 0 {
		s.First = first
	}
	s.Last = max(s.Last, last)
}
