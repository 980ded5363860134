package match

// Code says what kind of reason it is.
type Code string

// The reasons that names give.
const (
	SameName        Code = "SAME_NAME"
	SpelledTogether Code = "SPELLED_TOGETHER"
	SameWords       Code = "SAME_WORDS"
	OtherUmlauts    Code = "OTHER_UMLAUTS"
	Inflected       Code = "INFLECTED"
	Misspelt        Code = "MISSPELT"
	PartOfName      Code = "PART_OF_NAME"
	SameAcronym     Code = "SAME_ACRONYM"
	SameFormerName  Code = "SAME_FORMER_NAME"
	MoreLanguages   Code = "MORE_LANGUAGES"
	NoCommonName    Code = "NO_COMMON_NAME"
	OtherLegalForm  Code = "OTHER_LEGAL_FORM"
	NoLegalForm     Code = "NO_LEGAL_FORM"
	OneFoundation   Code = "ONE_FOUNDATION"
	OtherNumber     Code = "OTHER_NUMBER"
	MoreTypes       Code = "MORE_TYPES"
	OtherType       Code = "OTHER_TYPE"
	NameAndInitials Code = "NAME_AND_INITIALS"
	MiddleInitials  Code = "MIDDLE_INITIALS"
	NamesSwapped    Code = "NAMES_SWAPPED"
	MoreSurnames    Code = "MORE_SURNAMES"
	SurnameMisspelt Code = "SURNAME_MISSPELT"
	OtherGivenName  Code = "OTHER_GIVEN_NAME"
)

// The reasons that other evidence gives.
const (
	SameCountry         Code = "SAME_COUNTRY"
	OtherCountry        Code = "OTHER_COUNTRY"
	SamePlace           Code = "SAME_PLACE"
	OtherPlace          Code = "OTHER_PLACE"
	OtherOfMany         Code = "OTHER_OF_MANY"
	SameWebsite         Code = "SAME_WEBSITE"
	SameHost            Code = "SAME_HOST"
	OtherWebsite        Code = "OTHER_WEBSITE"
	SameClassification  Code = "SAME_CLASSIFICATION"
	OtherClassification Code = "OTHER_CLASSIFICATION"
	FarClassification   Code = "FAR_CLASSIFICATION"
	SameDate            Code = "SAME_DATE"
	OtherDate           Code = "OTHER_DATE"
	OneAfterOther       Code = "ONE_AFTER_OTHER"
	SameRelated         Code = "SAME_RELATED"
	SameIdentifier      Code = "SAME_IDENTIFIER"
	SamePlaceType       Code = "SAME_PLACE_TYPE"
	BothCountries       Code = "BOTH_COUNTRIES"
	NoScheme            Code = "NO_SCHEME"
	SameNumber          Code = "SAME_NUMBER"
)

// What rules it out that two things are the same.
const (
	OtherKind        Code = "OTHER_KIND"
	OtherIdentifier  Code = "OTHER_IDENTIFIER"
	OtherPlaceType   Code = "OTHER_PLACE_TYPE"
	GenericElsewhere Code = "GENERIC_ELSEWHERE"
)

// The limits: what keeps a pair at "possible", or below, however much else
// agrees.
const (
	AcronymAlone   Code = "ACRONYM_ALONE"
	FormerAlone    Code = "FORMER_ALONE"
	NamesDiffer    Code = "NAMES_DIFFER"
	GenericAlone   Code = "GENERIC_ALONE"
	NameAlone      Code = "NAME_ALONE"
	MixedScripts   Code = "MIXED_SCRIPTS"
	OneOfScheme    Code = "ONE_OF_SCHEME"
	CountryDiffers Code = "COUNTRY_DIFFERS"
	OtherPost      Code = "OTHER_POST"
)

// weights are what each code adds to the score, or the score that a limit
// allows. They are made for DefaultMarks: an organisation's distinctive name
// and its country together are the same; the name alone is possible. They were
// set on two thirds of testdata/pairs.csv; TestLabelledPairs measures them
// there, on the rest and on testdata/fresh.csv.
var weights = map[Code]float64{
	SameName:        0.80,
	SpelledTogether: 0.79,
	SameWords:       0.79,
	OtherUmlauts:    0.66,
	Inflected:       0.66,
	Misspelt:        0.62,
	PartOfName:      0.60, // times the share that is common, its square where neither name holds the other
	SameAcronym:     0.42,
	SameFormerName:  0.52,
	MoreLanguages:   0.04,
	OtherLegalForm:  -0.15,
	NoLegalForm:     -0.01,
	OneFoundation:   -0.08,
	OtherNumber:     -0.50,
	MoreTypes:       -0.10,
	OtherType:       -0.30,
	NameAndInitials: 0.45,
	MiddleInitials:  0.57,
	NamesSwapped:    0.45,
	MoreSurnames:    0.40,
	SurnameMisspelt: 0.40,
	OtherGivenName:  0.10,

	SameCountry:         0.07,
	OtherCountry:        -0.35,
	SamePlace:           0.15,
	OtherPlace:          -0.15,
	OtherOfMany:         -0.35,
	SameWebsite:         0.25,
	SameHost:            0.08,
	OtherWebsite:        -0.08,
	SameClassification:  0.05,
	OtherClassification: -0.06,
	FarClassification:   -0.30,
	SameDate:            0.05,
	OtherDate:           -0.12,
	OneAfterOther:       -0.20,
	SameRelated:         0.10,
	SameIdentifier:      0.40,
	SamePlaceType:       0.08,
	BothCountries:       0.16,
	NoScheme:            0.08,
	SameNumber:          0.12,

	AcronymAlone:   0.80,
	FormerAlone:    0.80,
	NamesDiffer:    0.80,
	GenericAlone:   0.80,
	NameAlone:      0.80,
	MixedScripts:   0.80,
	OneOfScheme:    0.80,
	CountryDiffers: 0.80,
	OtherPost:      0.50,
}

// Weights that a code has for some kinds of things instead. A person's name,
// a place's or an event's says less than an organisation's, and what stands
// around it more.
const (
	// Towns one letter apart are two towns more often than one mistyped.
	misspeltPlace  = 0.45
	personName     = 0.60
	personRelated  = 0.30
	personPlace    = 0.26
	personCountry  = 0.03
	placeName      = 0.62
	placeCountry   = 0.10
	placeWithin    = 0.20
	eventRelated   = 0.20
	postRelated    = 0.30
	eventDate      = 0.15
	eventOtherDate = -0.30
)
