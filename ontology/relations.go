package ontology

import (
	"slices"

	"coopgraph/store"
)

// The closed list of relations. An edge's From is the fact's subject, its To
// the object.
const (
	Holds               store.Rel = "HOLDS"
	PostIn              store.Rel = "POST_IN"
	MemberOf            store.Rel = "MEMBER_OF"
	PartOf              store.Rel = "PART_OF"
	Presides            store.Rel = "PRESIDES"
	Chairs              store.Rel = "CHAIRS"
	ProvidesSecretariat store.Rel = "PROVIDES_SECRETARIAT_OF"
	ParticipatesIn      store.Rel = "PARTICIPATES_IN"
	HasExpertise        store.Rel = "HAS_EXPERTISE"
	WorksOn             store.Rel = "WORKS_ON"
	CooperatesWith      store.Rel = "COOPERATES_WITH"
	PartyTo             store.Rel = "PARTY_TO"
	BasedOn             store.Rel = "BASED_ON"
	AuthorOf            store.Rel = "AUTHOR_OF"
	Implements          store.Rel = "IMPLEMENTS"
	Advises             store.Rel = "ADVISES"
	HeldAt              store.Rel = "HELD_AT"
	TookPartIn          store.Rel = "TOOK_PART_IN"
	Covers              store.Rel = "COVERS"
	LocatedIn           store.Rel = "LOCATED_IN"
	PrecursorOf         store.Rel = "PRECURSOR_OF"
	PossiblySameAs      store.Rel = "POSSIBLY_SAME_AS"
	Broader             store.Rel = "BROADER"
	Related             store.Rel = "RELATED"
	DeputyOf            store.Rel = "DEPUTY_OF"
	ContactPointFor     store.Rel = "CONTACT_POINT_FOR"
	NamedIn             store.Rel = "NAMED_IN"
	LinkedTo            store.Rel = "LINKED_TO"
)

// Relation declares a relation and the ends that it may join.
type Relation struct {
	Rel store.Rel
	// Subjects and Objects are the kinds allowed; nil for any kind of thing.
	Subjects, Objects []store.Kind
	// SameKind asks for two ends of one kind.
	SameKind bool
	// Symmetric relations have no direction: their ends are kept in the order
	// of their ids.
	Symmetric bool
	// Doc is the relation's meaning, shown in the schema's documentation.
	Doc string
}

var relations = []Relation{
	{Rel: Holds, Subjects: kinds(Person, Organisation), Objects: kinds(Post), Doc: "The subject holds the post (a tenure). Posts may be held by organisations."},
	{Rel: PostIn, Subjects: kinds(Post), Objects: kinds(Organisation), Doc: "The post is a post of the organisation."},
	{Rel: MemberOf, Subjects: kinds(Person, Organisation), Objects: kinds(Organisation), Doc: "The subject is a member of the organisation, or employed by it, as its role says."},
	{Rel: PartOf, Subjects: kinds(Organisation, Place, Instrument, Project), Objects: kinds(Organisation, Place, Instrument, Project), SameKind: true, Doc: "The subject is a part of the object: a unit of an organisation, a place inside a place, an article of a treaty, a work package of a project."},
	{Rel: Presides, Subjects: kinds(Organisation, Person), Objects: kinds(Organisation), Doc: "The subject holds the presidency of the organisation."},
	{Rel: Chairs, Subjects: kinds(Organisation, Person, Post), Objects: kinds(Organisation), Doc: "The subject chairs the organisation."},
	{Rel: ProvidesSecretariat, Subjects: kinds(Organisation), Objects: kinds(Organisation), Doc: "The subject provides the secretariat of the organisation."},
	{Rel: ParticipatesIn, Subjects: kinds(Organisation, Person), Objects: kinds(Project), Doc: "The subject takes part in the project, as its role says: lead, partner, member."},
	{Rel: HasExpertise, Subjects: kinds(Person), Objects: kinds(Theme), Doc: "The person is an expert on the theme."},
	{Rel: WorksOn, Subjects: kinds(Post, Organisation, Project, Instrument, Event), Objects: kinds(Theme), Doc: "The subject deals with the theme."},
	{Rel: CooperatesWith, Subjects: kinds(Organisation), Objects: kinds(Organisation), Symmetric: true, Doc: "The two organisations cooperate, on the basis given."},
	{Rel: PartyTo, Subjects: kinds(Organisation), Objects: kinds(Instrument), Doc: "The organisation is a party to the instrument."},
	{Rel: BasedOn, Objects: kinds(Instrument), Doc: "The subject rests on, arises from or follows the instrument."},
	{Rel: AuthorOf, Subjects: kinds(Person, Organisation, Post), Objects: kinds(Instrument), Doc: "The subject is author, publisher, coordinator or editor of the instrument, as its role says."},
	{Rel: Implements, Subjects: kinds(Organisation), Objects: kinds(Instrument, Project), Doc: "The organisation develops, assesses, explores, monitors or supports the object, as its role says."},
	{Rel: Advises, Subjects: kinds(Organisation, Person, Post), Objects: kinds(Organisation), Doc: "The subject advises the organisation."},
	{Rel: HeldAt, Subjects: kinds(Event), Objects: kinds(Organisation, Place), Doc: "The event is held at the organisation's premises or at the place."},
	{Rel: TookPartIn, Subjects: kinds(Person, Organisation), Objects: kinds(Event), Doc: "The subject took part in the event, as its role says: chair, opener, speaker, participant."},
	{Rel: Covers, Subjects: kinds(Organisation), Objects: kinds(Place), Doc: "The organisation acts for the place: a state for its country, a grouping for its regions."},
	{Rel: LocatedIn, Subjects: kinds(Organisation, Project, Event), Objects: kinds(Place), Doc: "The subject is, or takes place, in the place."},
	{Rel: PrecursorOf, SameKind: true, Doc: "The subject came before the object, which follows it."},
	{Rel: PossiblySameAs, SameKind: true, Symmetric: true, Doc: "The two may be one and the same: a doubt for a person to settle."},
	{Rel: Broader, Subjects: kinds(Theme), Objects: kinds(Theme), Doc: "The object is a broader theme (skos:broader)."},
	{Rel: Related, Subjects: kinds(Theme), Objects: kinds(Theme), Symmetric: true, Doc: "The two themes are related (skos:related)."},
	{Rel: DeputyOf, Subjects: kinds(Post), Objects: kinds(Post), Doc: "The holder of the subject stands in for the holder of the object."},
	{Rel: ContactPointFor, Subjects: kinds(Person, Post, Organisation), Objects: kinds(Organisation, Project, Theme), Doc: "The subject is the contact point for the object."},
	{Rel: NamedIn, Subjects: kinds(Project, Instrument, Event), Objects: kinds(Instrument), Doc: "The document names the subject; written only where the document is itself in the graph."},
	{Rel: LinkedTo, Doc: "The subject is linked to the object in the way that its role, the source's verb, says; for what fits no other relation."},
}

// Relations lists the closed list of relations.
func Relations() []Relation { return slices.Clone(relations) }

// RelationOf gives the declaration of a relation.
func RelationOf(rel store.Rel) (Relation, bool) {
	for _, r := range relations {
		if r.Rel == rel {
			return r, true
		}
	}
	return Relation{}, false
}

// Allows says whether the relation may join a subject and an object of these
// kinds.
func (r Relation) Allows(subject, object store.Kind) bool {
	return allowed(r.Subjects, subject) && allowed(r.Objects, object) && (!r.SameKind || subject == object)
}

func allowed(list []store.Kind, k store.Kind) bool {
	if list == nil {
		return IsThing(k)
	}
	return slices.Contains(list, k)
}

func kinds(k ...store.Kind) []store.Kind { return k }
