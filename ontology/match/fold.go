package match

import "coopgraph/ontology"

// Fold folds a thing as ontology.Fold does, with the keys under which matching
// finds it.
func Fold(claims []ontology.Weighed[ontology.ThingClaim]) (ontology.Folded, error) {
	folded, err := ontology.Fold(claims)
	if err != nil {
		return folded, err
	}
	t := folded.Thing
	if keys := Keys(ontology.ThingClaim{Kind: t.Kind, Names: t.Names, Props: ontology.Values(t.Props)}); len(keys) > 0 {
		folded.Node.Props["matchKeys"] = keys
	}
	return folded, nil
}
