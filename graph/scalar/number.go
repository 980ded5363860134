package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalInt writes a whole number.
func MarshalInt(i int) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		// The writer collects the answer in memory; a Marshaler has no way to report an error.
		_, _ = io.WriteString(w, strconv.Itoa(i))
	})
}

// UnmarshalInt takes a signed 32-bit whole number (GraphQL, section 3.5.1), written
// without a fraction or an exponent. A string of digits is not a number.
func UnmarshalInt(v any) (int, error) {
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int32:
		n = int64(v)
	case int64:
		n = v
	case json.Number:
		parsed, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil {
			return 0, refuse("Int", "is not a whole number of 32 bits")
		}
		n = parsed
	default:
		return 0, refuse("Int", "is not a whole number")
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, refuse("Int", "does not fit in 32 bits")
	}
	return int(n), nil
}

func checkFloat(v any) error {
	switch v := v.(type) {
	case int64:
		return nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return refuse("Float", "is not finite")
		}
		return nil
	case json.Number:
		if _, err := v.Float64(); err != nil {
			return refuse("Float", "is out of range")
		}
		return nil
	}
	return refuse("Float", "is not a number")
}
