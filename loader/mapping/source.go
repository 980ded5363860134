package mapping

import (
	"coopgraph/ontology"
)

// sourceHead declares a source, in a mapping or in the claims format.
type sourceHead struct {
	Key       string `yaml:"key"`
	Title     string `yaml:"title"`
	URL       string `yaml:"url"`
	Language  string `yaml:"language"`
	Date      string `yaml:"date"`
	Licence   string `yaml:"licence"`
	Publisher string `yaml:"publisher"`
	Standing  int64  `yaml:"standing"`
}

// document gives the source its id, in a namespace, and the standing where it
// declares none.
func (s sourceHead) document(namespace string, standing int64) ontology.Document {
	if s.Standing != 0 {
		standing = s.Standing
	}
	return ontology.Document{
		ID: ontology.NodeID(ontology.Source, namespace, s.Key), Title: s.Title, URL: s.URL, Language: s.Language,
		Date: s.Date, Licence: s.Licence, Publisher: s.Publisher, Standing: standing,
	}
}
