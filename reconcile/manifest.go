package reconcile

import (
	"context"
	"net/http"

	"coopgraph/ontology"
	"coopgraph/store"
)

// The size of the frame that previews are made for, in pixels.
const (
	previewWidth  = 420
	previewHeight = 320
)

// entityType is a type as the protocol writes it.
type entityType struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func typeOf(k store.Kind, language string) entityType {
	return entityType{string(k), kindLabel(k, language)}
}

func allTypes(language string) []entityType {
	var out []entityType
	for _, k := range ontology.Kinds() {
		out = append(out, typeOf(k, language))
	}
	return out
}

type viewing struct {
	URL string `json:"url"`
}

type previewing struct {
	URL    string `json:"url"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type subService struct {
	URL    string `json:"service_url"`
	Path   string `json:"service_path"`
	Flyout string `json:"flyout_service_path,omitempty"`
	// FlyoutURL is given with Flyout.
	FlyoutURL string `json:"flyout_service_url,omitempty"`
}

type suggesting struct {
	Entity   subService `json:"entity"`
	Property subService `json:"property"`
	Type     subService `json:"type"`
}

type extending struct {
	Propose  subService `json:"propose_properties"`
	Settings []setting  `json:"property_settings"`
}

// manifest describes the service.
type manifest struct {
	Versions        []string     `json:"versions"`
	Name            string       `json:"name"`
	ServiceVersion  string       `json:"serviceVersion,omitempty"`
	IdentifierSpace string       `json:"identifierSpace"`
	SchemaSpace     string       `json:"schemaSpace"`
	DefaultTypes    []entityType `json:"defaultTypes"`
	View            viewing      `json:"view"`
	Preview         previewing   `json:"preview"`
	Suggest         suggesting   `json:"suggest"`
	Extend          extending    `json:"extend"`
	BatchSize       int          `json:"batchSize"`
}

// endpoint answers the service's own address: a batch of queries, a data
// extension, or without either the manifest.
func (v *service) endpoint(ctx context.Context, r *request) (any, error) {
	switch {
	case r.form.Has("queries") && r.form.Has("extend"):
		return nil, bad("send either queries or extend")
	case r.form.Has("queries"):
		return v.batch(ctx, r)
	case r.form.Has("extend"):
		return v.extend(ctx, r)
	case r.form.Has("query"):
		return nil, bad("query: a single query is not in version 0.2 of the API; send queries={\"q0\": {\"query\": …}}")
	case r.Method == http.MethodPost:
		return nil, bad("the form has neither queries nor extend")
	}
	return v.manifest(r), nil
}

func (v *service) manifest(r *request) manifest {
	base := v.base(r.Request)
	at := base + Path
	sub := func(name string) subService {
		return subService{URL: at, Path: "/suggest/" + name, FlyoutURL: at, Flyout: "/flyout/" + name + "?id=${id}"}
	}
	return manifest{
		Versions:        []string{"0.2"},
		Name:            v.Name,
		ServiceVersion:  v.Version,
		IdentifierSpace: at + "/thing/",
		SchemaSpace:     base + "/schema.graphql",
		DefaultTypes:    allTypes(r.language),
		View:            viewing{orDefault(v.View, at+"/thing/{{id}}")},
		Preview:         previewing{at + "/preview?id={{id}}", previewWidth, previewHeight},
		Suggest:         suggesting{sub("entity"), sub("property"), sub("type")},
		Extend:          extending{subService{URL: at, Path: "/extend/propose"}, settings()},
		BatchSize:       v.Limits.Queries,
	}
}
