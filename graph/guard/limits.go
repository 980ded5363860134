package guard

// Limits bound a document and its values. [Defaults] is the documented table; every
// number must be positive.
type Limits struct {
	// Tokens is the most lexical tokens of a document, comments included.
	Tokens int
	// Name is the most characters of one name: field, alias, fragment, variable. It
	// also bounds what an error path can repeat of the input.
	Name int
	// Depth is the most fields on a way from the root, introspection exempt.
	Depth int
	// Fields is the most fields of an operation with its fragments expanded.
	Fields int
	// Fragments is the most fragment definitions of a document.
	Fragments int
	// Selections is the most selections in one set of braces, and the most fields of
	// one set with its fragments expanded: validation compares these pairwise.
	Selections int
	// Nesting is the most selection sets in one another, those of fragments and of
	// introspection included: validation compares a field once for each.
	Nesting int
	// ValueNesting is the most lists and objects in one another, in a literal or a
	// variable.
	ValueNesting int
	// Aliases is the most aliased fields of an operation with its fragments expanded.
	Aliases int
	// Directives is the most directives of an operation with its fragments expanded.
	Directives int
	// RootFields is the most root fields of an operation with its fragments expanded.
	RootFields int
	// Operations is the most operations of a document.
	Operations int
	// PageSize is the most that an argument `first` may ask for.
	PageSize int
	// ListValues is the most values of one list, in a literal or a variable.
	ListValues int
	// TextCharacters and TextWords bound the arguments `text`, `about` and `prefix`.
	TextCharacters, TextWords int
	// CachedDocuments and CachedBytes bound the documents kept: how many, and the
	// bytes of their texts together.
	CachedDocuments, CachedBytes int
}

// Defaults returns the limits the server starts from.
func Defaults() Limits {
	return Limits{
		Tokens:          2_000,
		Name:            100,
		Depth:           12,
		Fields:          500,
		Fragments:       50,
		Selections:      100,
		Nesting:         24,
		ValueNesting:    16,
		Aliases:         30,
		Directives:      20,
		RootFields:      20,
		Operations:      10,
		PageSize:        100,
		ListValues:      100,
		TextCharacters:  500,
		TextWords:       40,
		CachedDocuments: 500,
		CachedBytes:     1 << 20,
	}
}

// The most an operation may cost, by who asks.
const (
	// AnonymousCost is for callers without a token.
	AnonymousCost = 10_000
	// StaffCost is for callers with a token.
	StaffCost = 50_000
)

// A Grant is what the caller of one request may do with the endpoint itself.
type Grant struct {
	// Introspection allows __schema and __type.
	Introspection bool
	// Suggestions allows "Did you mean" in validation errors, which tells a stranger
	// the names of the schema.
	Suggestions bool
	// Cost is the most the operation may cost.
	Cost int
}
