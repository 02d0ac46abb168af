package signals

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	greek   = "κόσμε"
	strange = "Hello-µ@ßöäüàá-UTF-8!!"
)

// TestAutobahn6Fragments: a message is judged when it is whole. The suite's 6.4 asks
// whether a server notices earlier; it need not.
func TestAutobahn6Fragments(t *testing.T) {
	surrogate := text(greek + "\xed\xa0\x80edited")
	cut := strings.Index(string(text(strange)), "ß") + 1 // within a character
	for _, test := range []struct {
		id   string
		chop int
		send []byte
		want string
	}{
		{"6.1.1", 0, textFrame(nil), "close 1008"}, // no JSON object
		{"6.1.2", 0, append(frame(false, 0, opText, nil), append(frame(false, 0, opContinuation, nil), frame(true, 0, opContinuation, nil)...)...), "close 1008"},
		{"6.1.3", 0, append(frame(false, 0, opText, nil), append(frame(false, 0, opContinuation, text("middle frame payload")), frame(true, 0, opContinuation, nil)...)...), echoed("middle frame payload")},
		{"6.2.1", 0, textFrame(text(strange)), echoed(strange)},
		{"6.2.2", 0, append(frame(false, 0, opText, text(strange)[:cut-1]), frame(true, 0, opContinuation, text(strange)[cut-1:])...), echoed(strange)},
		{"6.2.3", 0, fragments(opText, text(strange), 1), echoed(strange)},
		{"6.2.4", 0, fragments(opText, text(greek), 1), echoed(greek)},
		{"6.3.1", 0, textFrame(surrogate), "close 1007"},
		{"6.3.2", 0, fragments(opText, surrogate, 1), "close 1007"},
		{"within a character", 0, append(frame(false, 0, opText, text(strange)[:cut]), frame(true, 0, opContinuation, text(strange)[cut:])...), echoed(strange)},
	} {
		t.Run(test.id, func(t *testing.T) {
			c := dialEcho(t, long)
			c.send(test.chop, test.send)
			if strings.HasPrefix(test.want, "close") {
				c.ends(test.want)
				return
			}
			c.hears(test.want)
			c.goes()
		})
	}
}

func TestAutobahn64JudgedWhenWhole(t *testing.T) {
	head, tail := text(greek)[:len(text(greek))-2], []byte(`edited"}`)
	for i, wrong := range []string{"\xf4\x90\x80\x80", "\xf4\x90"} {
		for j, chopped := range []bool{false, true} {
			t.Run(fmt.Sprintf("6.4.%d", 1+i+2*j), func(t *testing.T) {
				c := dialEcho(t, long)
				whole := frame(true, 0, opText, append(append(head[:len(head):len(head)], wrong...), tail...))
				pieces := [][]byte{frame(false, 0, opText, head), frame(false, 0, opContinuation, []byte(wrong)), frame(true, 0, opContinuation, tail)}
				if chopped { // one frame, sent in pieces
					pieces = [][]byte{whole[:20], whole[20 : len(whole)-len(tail)], whole[len(whole)-len(tail):]}
				}
				for _, piece := range pieces[:2] {
					c.send(0, piece)
					time.Sleep(20 * time.Millisecond)
				}
				c.send(0, pieces[2])
				c.ends("close 1007")
			})
		}
	}
}

// TestAutobahn6UTF8 has what is no UTF-8 and what is, in the suite's order.
func TestAutobahn6UTF8(t *testing.T) {
	for group, sequences := range utf8Cases {
		for i, sequence := range sequences {
			t.Run(fmt.Sprintf("6.%d.%d", group, i+1), func(t *testing.T) {
				digits, valid := strings.CutPrefix(sequence, "+")
				raw, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
				if err != nil {
					t.Fatal(err)
				}
				c := dialEcho(t, long)
				c.send(0, textFrame(text(string(raw))))
				switch {
				case !valid:
					c.ends("close 1007")
				case string(raw) == "\x00": // UTF-8, but no JSON
					c.ends("close 1008")
				default:
					c.hears(echoed(string(raw)))
					c.goes()
				}
			})
		}
	}
}

// utf8Cases are sequences in hexadecimal, those with a plus valid.
var utf8Cases = map[int][]string{
	5: {"+68656c6c6f24776f726c64", "+68656c6c6fc2a2776f726c64", "+68656c6c6fe282ac776f726c64", "+68656c6c6ff0a4ada2776f726c64", "+cebae1bdb9cf83cebcceb5"},
	6: {"ce", "+ceba", "cebae1", "cebae1bd", "+cebae1bdb9", "cebae1bdb9cf", "+cebae1bdb9cf83", "cebae1bdb9cf83ce",
		"+cebae1bdb9cf83cebc", "cebae1bdb9cf83cebcce", "+cebae1bdb9cf83cebcceb5"},
	7:  {"+00", "+c280", "+e0a080", "+f0908080"},
	8:  {"f888808080", "fc8480808080"},
	9:  {"+7f", "+dfbf", "+efbfbf", "+f48fbfbf"},
	10: {"f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"},
	11: {"+ed9fbf", "+ee8080", "+efbfbd", "+f48fbfbf", "f4908080"},
	12: {"80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf",
		"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbe"},
	13: {"c020c120c220c320c420c520c620c720c820c920ca20cb20cc20cd20ce20cf20d020d120d220d320d420d520d620d720d820d920da20db20dc20dd20de20",
		"e020e120e220e320e420e520e620e720e820e920ea20eb20ec20ed20ee20", "f020f120f220f320f420f520f620", "f820f920fa20", "fc20"},
	14: {"c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"},
	15: {"c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf"},
	16: {"fe", "ff", "fefeffff"},
	17: {"c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"},
	18: {"c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"},
	19: {"c080", "e08080", "f0808080", "f880808080", "fc8080808080"},
	20: {"eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"},
	21: {"eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf", "edae80edb080", "edae80edbfbf", "edafbfedb080", "edafbfedbfbf"},
	22: nonCharacters(),
	23: {"+efbfb9", "+efbfba", "+efbfbb", "+efbfbc", "+efbfbd", "+efbfbe", "+efbfbf"},
}

// nonCharacters are the last two code points of every plane, which are valid.
func nonCharacters() (all []string) {
	for plane := range rune(17) {
		for last := range rune(2) {
			all = append(all, "+"+hex.EncodeToString([]byte(string(plane<<16|0xFFFE+last))))
		}
	}
	return all
}
