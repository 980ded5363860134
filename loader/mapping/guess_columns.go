package mapping

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"coopgraph/ontology"
	"coopgraph/ontology/text"
)

// guessedRows is how many rows of a table are looked at.
const guessedRows = 20_000

// looked are the most different texts of a column that are kept.
const looked = 200

// column is what is seen of a column.
type column struct {
	name string
	// words are those of the name, folded, without the language.
	words    []string
	language string
	role     role
	filled   int
	// values are different texts of the column with how often they stand there.
	values map[string]int
	// seen are hashes of all texts, to tell whether they are unique.
	seen   map[uint64]bool
	unique bool
	// running says that the texts are 1, 2, 3, and so on.
	running bool
	// kind of value, see kindsOfValue; "" for plain text.
	value string
	code  *registerCode
	// dates is the form of dates.
	dates string
	split string
}

// The kinds of values.
const (
	valueURL     = "URL"
	valueEmail   = "email"
	valueDate    = "date"
	valueCountry = "country"
	valueNUTS    = "NUTS code"
	valueCode    = "identifier"
	valueNumber  = "number"
	valueTag     = "language"
)

var (
	camel    = regexp.MustCompile(`([a-z])([A-Z][a-z])`)
	nutsCode = regexp.MustCompile(`^[A-Z]{2}[0-9][0-9A-Z]{0,2}$`)
	fraction = regexp.MustCompile(`^[-+]?[0-9]+\.[0-9]+$`)
	numeric  = regexp.MustCompile(`^[-+]?[0-9][0-9.,  ]*(?:[eE][-+]?[0-9]+)?%?$`)
)

// languagesOfHeaders are how headers name a language.
var languagesOfHeaders = map[string]string{
	"nl": "nl", "fr": "fr", "de": "de", "en": "en", "nld": "nl", "fra": "fr", "deu": "de", "eng": "en", "dut": "nl", "fre": "fr", "ger": "de",
	"lb": "lb", "ltz": "lb", "es": "es", "it": "it", "pt": "pt",
	"nederlands": "nl", "frans": "fr", "duits": "de", "engels": "en", "neerlandais": "nl", "francais": "fr", "allemand": "de", "anglais": "en",
	"niederlandisch": "nl", "franzosisch": "fr", "deutsch": "de", "englisch": "en", "dutch": "nl", "french": "fr", "german": "de", "english": "en",
	"nederlandse": "nl", "nederlandstalige": "nl", "neerlandaise": "nl", "niederlandische": "nl", "franse": "fr", "franstalige": "fr", "francaise": "fr",
	"franzosische": "fr", "duitse": "de", "duitstalige": "de", "allemande": "de", "deutsche": "de", "engelse": "en", "anglaise": "en", "englische": "en",
}

func newColumn(name string) *column {
	c := &column{name: name, values: map[string]int{}, seen: map[uint64]bool{}, unique: true, running: true}
	spaced := strings.NewReplacer("_", " ", "-", " ").Replace(camel.ReplaceAllString(name, "$1 $2"))
	c.words = strings.Fields(text.NameKey(spaced))
	if n := len(c.words); n > 1 {
		if l, ok := languagesOfHeaders[c.words[n-1]]; ok {
			c.language, c.words = l, c.words[:n-1]
		} else if l, ok := languagesOfHeaders[c.words[0]]; ok && roleOf(c.words[1:]) != "" {
			c.language, c.words = l, c.words[1:]
		} else if n == 2 && c.words[1] == "label" && len(c.words[0]) == 3 {
			// Lists of the European Union: bul_label, spa_label.
			if base, err := language.ParseBase(c.words[0]); err == nil {
				c.language, c.words = base.String(), c.words[1:]
			}
		}
	}
	return c
}

// namesByLanguage takes columns whose headers are languages alone for names in
// these languages, where there are several: one of them may mean anything.
func (g *guess) namesByLanguage() {
	languages := map[string]bool{}
	var columns []*column
	for _, c := range g.columns {
		if len(c.words) != 1 {
			continue
		}
		if l, ok := languagesOfHeaders[c.words[0]]; ok && !languages[l] {
			languages[l] = true
			columns = append(columns, c)
		}
	}
	if len(columns) < 2 {
		return
	}
	for _, c := range columns {
		c.language, c.words = languagesOfHeaders[c.words[0]], []string{"name"}
	}
}

func (c *column) add(cell string) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return
	}
	c.filled++
	c.running = c.running && cell == strconv.Itoa(c.filled)
	h := hash(cell)
	if c.seen[h] {
		c.unique = false
	}
	c.seen[h] = true
	if _, ok := c.values[cell]; ok || len(c.values) < looked {
		c.values[cell]++
	}
}

// share is the part of the column's values for which the test holds.
func (c *column) share(holds func(string) bool) float64 {
	all, good := 0, 0
	for v, n := range c.values {
		all += n
		if holds(v) {
			good += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(good) / float64(all)
}

// most is the part of a column that must be of a kind for the column to be.
const most = 0.85

// understand tells what the column's values are.
func (c *column) understand() {
	if c.filled == 0 {
		return
	}
	for _, r := range registerCodes() {
		if r.header != "" && !c.names(strings.Fields(r.header)...) {
			continue
		}
		least := most
		if r.check != nil && r.telling {
			least = 0.25
		}
		if c.share(r.among) >= least {
			c.value, c.code = valueCode, &r
			return
		}
	}
	for _, test := range []struct {
		value string
		holds func(string) bool
		// least is the share asked for, 0 for most.
		least float64
	}{
		{valueEmail, isEmail, 0.6},
		{valueURL, isURL, 0.6},
		{valueNUTS, nutsCode.MatchString, 0},
		{valueCountry, isCountry, 0},
		{valueTag, isLanguageTag, 0},
	} {
		least := test.least
		switch {
		case test.value == valueCountry && c.role == roleCountry:
			// The header says so: some names are of what is no country any more.
			least = 0.6
		case least == 0:
			least = most
		}
		if c.share(test.holds) >= least {
			c.value = test.value
			return
		}
	}
	if c.dates = c.dateForm(); c.dates != "" {
		c.value = valueDate
		return
	}
	if c.share(numeric.MatchString) >= most {
		c.value = valueNumber
	}
}

// counts says whether the column does no more than number the rows as they
// stand: the next edition may number others so.
func (c *column) counts() bool {
	return c.running && !c.names("id", "code", "key", "identifier")
}

// houseNumbers takes a number beside a street for that of a house.
func (g *guess) houseNumbers() {
	for i, c := range g.columns {
		if i > 0 && c.role == roleID && c.names("nr", "no", "num", "numero", "nummer", "number") &&
			g.columns[i-1].names("street", "straat", "rue", "strasse", "address", "adres", "adresse", "anschrift") {
			c.role = rolePrivate
		}
	}
}

func (c *column) names(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(c.words, w) })
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func isCountry(s string) bool {
	_, ok := countryOf(s)
	return ok && (len(s) > 3 || strings.ToUpper(s) == s)
}

// isAcronym says whether a text is of letters that stand for words, rather than
// a shorter name.
func isAcronym(s string) bool {
	capitals := 0
	for _, r := range s {
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= 2 && !strings.ContainsAny(s, " \t\n")
}

// abbreviated says whether the column holds codes of two or three capitals.
func (c *column) abbreviated() bool {
	return c.share(func(s string) bool { return len(s) <= 3 && strings.ToUpper(s) == s }) >= 0.5
}

func isLanguageTag(s string) bool {
	if len(s) != 2 || strings.ToLower(s) != s {
		return false
	}
	_, err := language.ParseBase(s)
	return err == nil
}

// dateForms are tried in their order.
func dateForms() []string {
	return []string{isoDate, "D/M/YYYY", "M/D/YYYY", "D.M.YYYY", "D-M-YYYY", "YYYY/M/D", "M/YYYY"}
}

var likeYear = regexp.MustCompile(`^(?:1[5-9]|20)[0-9]{2}$`)

// dateForm gives the form in which the column's texts are dates, "" where they
// are none. Years alone are dates only where the header says so.
func (c *column) dateForm() string {
	dated := c.role == roleFrom || c.role == roleTo || c.role == roleDate
	for _, form := range dateForms() {
		layouts, err := layoutsOf([]string{form})
		if err != nil {
			return ""
		}
		fits := func(s string) bool {
			_, err := readDate(s, layouts, []string{form})
			return err == nil && (dated || !likeYear.MatchString(s))
		}
		if c.share(fits) >= most {
			return form
		}
	}
	return ""
}

// separators part several values in a cell.
var separators = []string{"|", ";", "\n"}

// separator gives what parts the values of cells, "" where nothing does.
func (c *column) separator() string {
	for _, sep := range separators {
		if c.share(func(s string) bool { return strings.Contains(s, sep) }) >= 0.05 {
			return sep
		}
	}
	return ""
}

// distinct are the values that were kept, the most frequent first.
func (c *column) distinct() []string {
	list := slices.Collect(maps.Keys(c.values))
	slices.SortFunc(list, func(a, b string) int {
		if d := c.values[b] - c.values[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return list
}

// coded says whether the column holds codes: one word each, with digits or
// underscores.
func (c *column) coded() bool {
	return c.share(func(s string) bool { return !strings.ContainsAny(s, " \t\n") && strings.ContainsAny(s, "0123456789_") }) >= 0.5
}

// wordy says whether the column holds names or texts.
func (c *column) wordy() bool {
	return c.share(func(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }) >= most
}

// cellsOf gives the texts of a record by column; those of objects inside by
// their keys, parted by dots.
func cellsOf(fields map[string]any) map[string][]string {
	out := map[string][]string{}
	flatten(out, "", fields, 0)
	return out
}

func flatten(out map[string][]string, prefix string, fields map[string]any, depth int) {
	for name, v := range fields {
		if prefix != "" {
			name = prefix + "." + name
		}
		switch v := v.(type) {
		case map[string]any:
			if depth < 2 {
				flatten(out, name, v, depth+1)
			}
		case []any:
			out[name] = append(out[name], plain(v)...)
			// Names may be objects, with their language beside them.
			if roleOf(newColumn(name).words) != roleName {
				continue
			}
			for _, e := range v {
				m, ok := e.(map[string]any)
				for _, key := range []string{"value", "name", "label"} {
					if ok && m[key] != nil {
						out[name+"."+key] = append(out[name+"."+key], plain(m[key])...)
					}
				}
			}
		case string, json.Number, bool:
			out[name] = append(out[name], plain(v)...)
		}
	}
}

// stopwords are common words by which the language of a text is told.
var stopwords = map[string]map[string]bool{
	"nl": words("de het een en van voor met aan is in op te zijn door bij uit naar ook als worden"),
	"fr": words("le la les des une et du pour dans est aux sur par avec que qui au en ses son"),
	"de": words("der die das und von für mit ist im zu den des ein eine auf bei als auch dem zur"),
	"en": words("the of and for to in is with on by a an as its that from are at which"),
}

// languageOf tells the language of a column's texts, "" where there is little
// to go by.
func (c *column) languageOf() string {
	counts := map[string]int{}
	for _, v := range c.distinct() {
		for _, w := range strings.Fields(strings.ToLower(v)) {
			for _, l := range ontology.Languages() {
				if stopwords[l][strings.Trim(w, ".,;:()")] {
					counts[l]++
				}
			}
		}
	}
	best, second := "", ""
	for _, l := range ontology.Languages() {
		switch {
		case best == "" || counts[l] > counts[best]:
			best, second = l, best
		case second == "" || counts[l] > counts[second]:
			second = l
		}
	}
	if counts[best] >= 5 && counts[best] > 3*counts[second]/2 {
		return best
	}
	return ""
}

// source is how a mapping names the column.
func (c *column) source(table bool) string {
	if table {
		return "column: " + quoted(c.name)
	}
	return "path: " + quoted(c.name)
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%q", s)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}
