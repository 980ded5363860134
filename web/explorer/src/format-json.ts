// Stands in for Prettier where GraphiQL formats variables and headers (see
// vite.config.ts): jsonc-parser is in the page anyway, Prettier's JavaScript
// grammar would add half a megabyte.
import { applyEdits, format as edits } from "jsonc-parser";

/** JSON text, comments kept, indented by two spaces. */
export async function format(text: string): Promise<string> {
  return applyEdits(text, edits(text, undefined, { insertSpaces: true, tabSize: 2, eol: "\n" }));
}

/** Prettier's plugin tables, which `format` has no use for. */
export const printers = {};
export const parsers = {};
