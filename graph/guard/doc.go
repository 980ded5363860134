// Package guard decides whether a GraphQL request may be executed, before anything
// is: it owns the document from its text to the validated tree.
//
// gqlgen alone parses without a token limit, walks fragments without memory and
// validates in quadratic time, so one request of a few kilobytes can hold a core or
// end the process. [Guard.Admit] therefore does, in this order:
//
//  1. reads the tokens and stops at the limit (DOCUMENT_TOO_LARGE);
//  2. parses once;
//  3. measures every operation and fragment with a memo for each fragment: depth,
//     fields, aliases, directives, root fields, selections of one set, nesting of
//     selection sets and of literals (DEPTH_LIMIT, COMPLEXITY_LIMIT_EXCEEDED);
//  4. refuses subscriptions and, where it is off, introspection
//     (INTROSPECTION_DISABLED);
//  5. computes the cost of the operation with the request's variables
//     (COMPLEXITY_LIMIT_EXCEEDED);
//  6. validates, with or without suggestions (GRAPHQL_VALIDATION_FAILED, and
//     BAD_USER_INPUT for arguments and values);
//  7. checks every literal and every variable: 32-bit integers, text without NUL and
//     half surrogate pairs, page sizes, lengths of lists and search text
//     (BAD_USER_INPUT).
//
// Steps 1–3 and 6 depend on the text alone and are kept for the texts last admitted;
// the rest is done for every request. Every step is linear in the document, which
// the first has bounded, and none trusts that a later one passes: sums saturate,
// fragment cycles end, unknown fields and types cost as little as they weigh.
// An admitted document is shared between requests and never written to again.
//
// # Cost
//
// A leaf costs nothing, a field with a selection 1 (a protected one more), times
// the number of things it may return: a connection's page size (its argument `first`,
// else the schema's default, else [Costs.Page]) for what stands below `edges` and
// `nodes`; for a list its `first`, else the number of its `ids`, else what
// [Costs.Lists] says. Introspection is counted like the rest; only the depth limit
// does not apply below `__schema` and `__type`.
//
// The package imports gqlparser and the API's scalars. It knows neither HTTP nor
// the generated code.
package guard
