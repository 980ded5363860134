// Parses Cypher statements, one a file, and fails on syntax errors and unknown variables.
// Usage: node lint.mjs FILE...
import { readFileSync } from "node:fs";
import { isNotParamError, lintCypherQuery } from "@neo4j-cypher/language-support";

const ERROR = 1; // DiagnosticSeverity of the Language Server Protocol
const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("no Cypher statements to check");
  process.exit(2);
}

let failed = 0;
for (const file of files) {
  // Parameters are only known when a statement runs.
  const errors = lintCypherQuery(readFileSync(file, "utf8"), {})
    .diagnostics.filter((found) => found.severity === ERROR && isNotParamError(found));
  for (const { range, message } of errors) {
    console.error(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
  }
  failed += errors.length > 0 ? 1 : 0;
}
console.log(`${files.length} Cypher statements checked, ${failed} with errors`);
process.exitCode = failed > 0 ? 1 : 0;
