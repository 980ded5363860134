package text

import "strings"

// stopWords are the articles, prepositions and conjunctions of the four
// languages, folded. Verbs and pronouns are left out on purpose: "est" is a
// part of Grand Est.
var stopWords = [tongues]map[string]bool{
	nl: set("de het een en van voor in op te ten ter met aan bij der des den om tot uit over naar door tussen of als s t"),
	fr: set("le la les l de d des du un une et en a au aux pour par sur dans avec ou entre sous vers"),
	de: set("der die das den dem des ein eine einer eines einem einen und von vom zu zum zur fur fuer in im ins mit auf an am bei beim uber ueber aus nach oder zwischen"),
	en: set("the of and for in on at to a an by with from or s between"),
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// StopWord says whether a folded word is an article, a preposition or a
// conjunction in the language of the tag, or in any of the four where that is
// "" or another language.
func StopWord(folded, lang string) bool {
	for _, t := range tonguesOf(lang) {
		if stopWords[t][folded] {
			return true
		}
	}
	return false
}
