import type { Example } from "./examples";
import type { Store } from "./storage";

const TABS = "graphiql:tabState";
const QUERY = "graphiql:query";
const VARIABLES = "graphiql:variables";

/**
 * Opens the examples as tabs, unless tabs are kept from an earlier visit.
 *
 * GraphiQL 5 drops the variables of the first of its `defaultTabs`: it fills the
 * variables editor from the stored variables only. So the tabs go into the
 * storage in GraphiQL's own form, and the first one also as the current query.
 */
export function seedTabs(storage: Store, examples: readonly Example[]): void {
  const [first] = examples;
  if (first === undefined || storage.getItem(TABS) !== null) {
    return;
  }
  const tabs = examples.map(({ query, variables }, index) => {
    const operationName = /^(?:query|mutation)\s+(\w+)/m.exec(query)?.[1] ?? null;
    return {
      id: `example-${index}`,
      title: operationName ?? "Example",
      query,
      variables,
      headers: null,
      operationName,
      response: null,
    };
  });
  storage.setItem(TABS, JSON.stringify({ activeTabIndex: 0, tabs }));
  storage.setItem(QUERY, first.query);
  storage.setItem(VARIABLES, first.variables);
}
