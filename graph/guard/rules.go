package guard

import (
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// withoutSuggestions ends the names of the rules that leave "Did you mean" out.
const withoutSuggestions = "WithoutSuggestions"

// ruleSet returns the validation rules of the GraphQL specification. Five of them
// suggest names of the schema; gqlgen's own switch swaps two.
func ruleSet(suggestions bool) *rules.Rules {
	set := rules.NewDefaultRules()
	if suggestions {
		return set
	}
	set.RemoveRule(rules.FieldsOnCorrectTypeRule.Name)
	set.RemoveRule(rules.KnownArgumentNamesRule.Name)
	set.RemoveRule(rules.KnownTypeNamesRule.Name)
	set.RemoveRule(rules.ScalarLeafsRule.Name)
	set.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	set.AddRule(rules.FieldsOnCorrectTypeRuleWithoutSuggestions.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
	set.AddRule(rules.KnownArgumentNamesRuleWithoutSuggestions.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	set.AddRule(rules.KnownTypeNamesRuleWithoutSuggestions.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	set.AddRule(rules.ScalarLeafsRuleWithoutSuggestions.Name, rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
	set.AddRule(rules.ValuesOfCorrectTypeRuleWithoutSuggestions.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return set
}
