// Builds the explorer beside dist and fails unless both hold the same files,
// byte for byte: what is committed is what its sources give.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

function filesOf(folder) {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}

const fresh = mkdtempSync(join(tmpdir(), "explorer-"));
try {
  await build({ root, logLevel: "error", build: { outDir: fresh, emptyOutDir: true } });
  const committed = filesOf(join(root, "dist"));
  const rebuilt = filesOf(fresh);
  const stale = [...new Set([...committed.keys(), ...rebuilt.keys()])]
    .filter((name) => !(committed.has(name) && rebuilt.has(name) && committed.get(name).equals(rebuilt.get(name))))
    .sort();
  if (stale.length > 0) {
    console.error(`dist does not match its sources, run "npm run build":\n  ${stale.join("\n  ")}`);
    process.exitCode = 1;
  } else {
    console.log(`dist matches its sources (${committed.size} files)`);
  }
} finally {
  rmSync(fresh, { recursive: true });
}
