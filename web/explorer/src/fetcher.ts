import type { Fetcher } from "@graphiql/toolkit";

const ENDPOINT = "/graphql";

/** Posts an operation to this host's GraphQL endpoint; an answer that is no JSON becomes an error to read. */
export const fetcher: Fetcher = async (params, options) => {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json, application/json",
      ...options?.headers,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(params),
    credentials: "omit",
  });
  const body = await response.text();
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`HTTP ${response.status} ${response.statusText}: ${body.slice(0, 500)}`);
  }
};
