package read

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// style is what a cell's format says of its number.
type style struct {
	// year, month, day and clock say what a date shows.
	year, month, day, clock bool
	// digits is the number of digits of a code that is filled up with zeros.
	digits int
}

func (s style) date() bool { return s.year || s.month || s.day || s.clock }

var (
	// dayStyle and others are the formats that have no code in a workbook.
	// Source: ECMA-376, part 1, section 18.8.30; 27 to 36 and 50 to 58 are
	// dates in East Asian languages.
	dayStyle   = style{year: true, month: true, day: true}
	clockStyle = style{clock: true}
	bothStyle  = style{year: true, month: true, day: true, clock: true}
	// unshown are the parts of a format that show no number: quoted and
	// escaped text, colours and conditions, fillings.
	unshown = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)
	// elapsed are formats of durations.
	elapsed = regexp.MustCompile(`(?i)\[(h+|m+|s+)\]`)
)

// styleOf says what a format shows.
func styleOf(id int, code string) style {
	if code != "" {
		return styleOfCode(code)
	}
	switch {
	case id >= 14 && id <= 16, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 57 && id <= 58:
		return dayStyle
	case id == 17:
		return style{year: true, month: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id >= 55 && id <= 56:
		return clockStyle
	case id == 22:
		return bothStyle
	}
	return style{}
}

func styleOfCode(code string) style {
	if elapsed.MatchString(code) {
		return style{}
	}
	code, _, _ = strings.Cut(unshown.ReplaceAllString(code, " "), ";")
	code = strings.ToLower(strings.TrimSpace(code))
	if len(code) > 1 && len(code) <= 20 && strings.Trim(code, "0") == "" {
		return style{digits: len(code)}
	}
	if strings.ContainsAny(code, "0#?") && !strings.ContainsAny(code, "yd") && !strings.Contains(code, "ss.0") || strings.Contains(code, "general") {
		return style{}
	}
	s := style{year: strings.ContainsAny(code, "ye"), day: strings.Contains(code, "d"), clock: strings.ContainsAny(code, "hs")}
	// m is a month unless it stands with hours or seconds only.
	s.month = strings.Contains(code, "m") && (s.year || s.day || !s.clock)
	return s
}

// value gives the number as the format shows it: a date in ISO 8601, as precise
// as shown, or a json.Number. The note says why a date is none.
func (s style) value(text string, from1904 bool) (value any, note string, ok bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, "", false
	}
	if s.date() {
		if date := s.isoDate(f, from1904); date != "" {
			return date, "", true
		}
		note = "the number is no day of the calendar: it is read as a number"
	}
	number := plainNumber(f)
	if s.digits > len(number) && f >= 0 && f == math.Trunc(f) {
		return strings.Repeat("0", s.digits-len(number)) + number, note, true
	}
	return json.Number(number), note, true
}

// plainNumber writes a number with the 15 digits that Excel keeps: 0.1+0.2 is
// 0.3.
func plainNumber(f float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		rounded = f
	}
	if abs := math.Abs(rounded); abs >= 1e21 || abs > 0 && abs < 1e-9 {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	if rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// lastDay is 31 December 9999 as a serial number.
const lastDay = 2_958_465

// isoDate gives the date of a serial number: the days since the end of 1899, of
// which 29 February 1900 is one by mistake, or since 1904. "" where it is none.
func (s style) isoDate(serial float64, from1904 bool) string {
	seconds := int64(math.Round((serial - math.Floor(serial)) * 86_400))
	day := int64(math.Floor(serial))
	if seconds == 86_400 {
		day, seconds = day+1, 0
	}
	if day < 0 || day > lastDay {
		return ""
	}
	clock := time.Unix(seconds, 0).UTC().Format("15:04:05")
	onlyClock := s.clock && !s.year && !s.month && !s.day
	var begin time.Time
	switch {
	case onlyClock && day == 0:
		return clock
	case from1904:
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 0 || day == 60:
		return ""
	case day < 60:
		begin = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	default:
		begin = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	}
	date := begin.AddDate(0, 0, int(day))
	switch {
	case date.Year() > 9999:
		return ""
	case s.clock && (seconds > 0 || onlyClock):
		return date.Format("2006-01-02") + "T" + clock
	case s.year && !s.month && !s.day:
		return date.Format("2006")
	case s.year && s.month && !s.day:
		return date.Format("2006-01")
	}
	return date.Format("2006-01-02")
}

// escape is how workbooks write characters that XML cannot hold.
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape undoes it, but leaves the control characters out that no text needs.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(s string) string {
		code, err := strconv.ParseUint(s[2:6], 16, 16)
		switch {
		case err != nil:
			return s
		case code < ' ' && code != '\t' && code != '\n':
			return ""
		}
		return string(rune(code))
	})
}
