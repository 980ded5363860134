import manifest from "../examples/examples.json";

/** An operation that the explorer offers, with variables that make sense on the seed. */
export interface Example {
  title: string;
  query: string;
  /** JSON text, as the variables editor holds it. */
  variables: string;
  /** Whether the explorer opens with it as a tab. */
  tab: boolean;
}

const documents = import.meta.glob<string>("../examples/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Every example in the order of examples/examples.json, contacts first. */
export const examples: readonly Example[] = manifest.map((entry) => {
  const query = documents[`../examples/${entry.document}.graphql`];
  if (query === undefined) {
    throw new Error(`examples.json names ${entry.document}, which is not there`);
  }
  return {
    title: entry.title,
    query,
    variables: JSON.stringify(entry.variables, null, 2),
    tab: entry.tab ?? false,
  };
});
