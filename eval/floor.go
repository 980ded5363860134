package main

import (
	"fmt"
	"slices"
	"strconv"
)

// floorFile holds the least hit@1 of each category, from the top of the
// repository.
const floorFile = "eval/floor.csv"

// floor is the least part of a category's questions, of both parts, whose
// wanted thing must come first.
type floor struct {
	group
	least float64
}

func readFloors(file string) ([]floor, error) {
	lines, err := table(file, "set", "category", "hit@1")
	if err != nil {
		return nil, err
	}
	floors := make([]floor, len(lines))
	for i, l := range lines {
		least, err := strconv.ParseFloat(l["hit@1"], 64)
		if err != nil || least < 0 || least > 1 {
			return nil, fmt.Errorf("%s: %s, %s: %q is no part of 1", file, l["set"], l["category"], l["hit@1"])
		}
		floors[i] = floor{group{l["set"], byCategory, l["category"]}, least}
	}
	return floors, nil
}

// fallen lists the categories that are below their floor, and those that have
// none or no questions.
func (t tally) fallen(floors []floor) []string {
	var list []string
	for _, f := range floors {
		switch got, ok := t[f.group]; {
		case !ok:
			list = append(list, fmt.Sprintf("%s: it has a floor and no questions", f.group))
		// The floor is written with three decimals.
		case got[both].hit1() < f.least-0.0005:
			list = append(list, fmt.Sprintf("%s: hit@1 is %.3f, below its floor of %.3f", f.group, got[both].hit1(), f.least))
		}
	}
	for _, g := range t.sorted() {
		if g.by == byCategory && !slices.ContainsFunc(floors, func(f floor) bool { return f.group == g }) {
			list = append(list, fmt.Sprintf("%s: it has no floor; its hit@1 is %.3f", g, t[g][both].hit1()))
		}
	}
	return list
}
