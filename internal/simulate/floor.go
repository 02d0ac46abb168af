package simulate

// section is a part of the shop that people go to.
type section uint8

const (
	newIn section = iota
	promo
	womens
	mens
	shoes
	accessories
	fitting
	entrance
	window
	sections // how many there are
)

// The shop is 18 m by 12 m, its origin in the inner corner left of the door. The
// door opens onto a passage, which the sensors see from viewLeft to viewRight.
const (
	viewLeft    = -400.0
	viewRight   = 2200.0
	viewBottom  = -430.0
	shopRight   = 1800.0
	shopTop     = 1200.0
	facade      = -15.0 // the outer side of the front wall
	passageLow  = -320.0
	passageHigh = -190.0
)

// Distances that a body's middle keeps from shelves and walls.
const (
	clearance = 30.0 // on the way
	squeezed  = 20.0 // a companion beside somebody
	reach     = 42.0 // standing at a display
	spacing   = 55.0 // between places at a display
)

// walls bound the shop. The gap in the front is the door.
var walls = []rect{
	{-3000, facade, 770, 0},
	{1030, facade, 5000, 0},
	{-30, 0, 0, shopTop + 30},
	{shopRight, 0, shopRight + 30, shopTop + 30},
	{-30, shopTop, shopRight + 30, shopTop + 30},
	{1395, 910, 1405, shopTop},  // of the fitting rooms
	{1525, 1060, 1535, shopTop}, // between the cabins
	{1660, 1060, 1670, shopTop},
	{960, 1090, 1340, 1140}, // the counter
	{40, 0, 640, 50},        // the window's podium
}

// side is a set of a shelf's sides at which people stand.
type side uint8

const (
	below side = 1 << iota
	above
	leftOf
	rightOf
	around = below | above | leftOf | rightOf
)

// shelves are what people stop at, and from which sides.
var shelves = []struct {
	rect
	section section
	sides   side
}{
	{rect{120, 170, 440, 230}, newIn, below | above},
	{rect{820, 430, 980, 590}, promo, around},
	{rect{0, 380, 45, 1120}, womens, rightOf},
	{rect{80, 1155, 500, 1200}, womens, below},
	{rect{150, 420, 220, 720}, womens, leftOf | rightOf},
	{rect{350, 420, 420, 720}, womens, leftOf | rightOf},
	{rect{150, 830, 220, 1040}, womens, leftOf | rightOf},
	{rect{350, 830, 420, 1040}, womens, leftOf | rightOf},
	{rect{1270, 400, 1340, 720}, mens, leftOf | rightOf},
	{rect{1480, 400, 1550, 720}, mens, leftOf | rightOf},
	{rect{1755, 360, 1800, 780}, mens, leftOf},
	{rect{1260, 130, 1640, 190}, shoes, below | above},
	{rect{1755, 60, 1800, 260}, shoes, leftOf},
	{rect{760, 790, 1080, 850}, accessories, below | above},
}

// Places that are no displays.
var (
	cabins       = []point{{1465, 1130}, {1597, 1130}, {1732, 1130}}
	lookingRound = []point{{740, 190}, {830, 250}, {970, 250}, {1060, 190}}
	doorLanes    = []float64{835, 865, 900, 935, 965}
	till         = point{1060, 1040}

	// The queue stands in line from its head beside the till to its corner, and from
	// there down towards its end, which people walk up to.
	queueCorner = point{597, 1035}
	queueEnd    = point{597, 750}
	queueSlots  = []point{
		{925, 1035}, {860, 1035}, {795, 1035}, {730, 1035}, {665, 1035}, queueCorner,
		{597, 970}, {597, 905}, {597, 840},
	}
)

// spot is a place to stand at, looking towards face.
type spot struct {
	at, face point
	section  section
}

// floor is where things are and how one gets from one to another. It is not changed
// once built.
type floor struct {
	obstacles []rect
	spots     []spot
	in        [sections][]int // the spots of each section
	doors     []int           // spots just inside the door, one a lane
	queueEnd  int
	till      int
	routes    routes
}

func newFloor() *floor {
	f := &floor{}
	f.obstacles = append(f.obstacles, walls...)
	for _, s := range shelves {
		f.obstacles = append(f.obstacles, s.rect)
	}
	for _, s := range shelves {
		f.addDisplay(s.rect, s.section, s.sides)
	}
	for x := 110.0; x <= 600; x += spacing {
		f.addSpot(point{x, -75}, point{0, 1}, window)
	}
	for _, p := range cabins {
		f.addSpot(p, point{0, -1}, fitting)
	}
	for _, p := range lookingRound {
		f.addSpot(p, point{0, 1}, entrance)
	}
	for _, x := range doorLanes {
		f.doors = append(f.doors, f.place(point{x, 70}, point{0, 1}))
	}
	f.queueEnd = f.place(queueEnd, point{0, 1})
	f.till = f.place(till, point{0, 1})
	f.routes = newRoutes(f.obstacles, f.spots)
	return f
}

// addDisplay adds the places along a shelf's sides.
func (f *floor) addDisplay(r rect, s section, sides side) {
	for x := r.x0 + 20; x <= r.x1-20; x += spacing {
		if sides&below != 0 {
			f.addSpot(point{x, r.y0 - reach}, point{0, 1}, s)
		}
		if sides&above != 0 {
			f.addSpot(point{x, r.y1 + reach}, point{0, -1}, s)
		}
	}
	for y := r.y0 + 20; y <= r.y1-20; y += spacing {
		if sides&leftOf != 0 {
			f.addSpot(point{r.x0 - reach, y}, point{1, 0}, s)
		}
		if sides&rightOf != 0 {
			f.addSpot(point{r.x1 + reach, y}, point{-1, 0}, s)
		}
	}
}

// addSpot adds a place to its section, unless something else stands there.
func (f *floor) addSpot(at, face point, s section) {
	if free(f.obstacles, at) {
		f.in[s] = append(f.in[s], f.place(at, face))
		f.spots[len(f.spots)-1].section = s
	}
}

func (f *floor) place(at, face point) int {
	f.spots = append(f.spots, spot{at: at, face: face})
	return len(f.spots) - 1
}

// room is the share of the step by d that somebody at p can take without coming
// closer than squeezed to anything.
func (f *floor) room(p, d point) float64 {
	share := 1.0
	for _, o := range f.obstacles {
		share = min(share, o.grown(squeezed).entered(p, d))
	}
	return share
}
