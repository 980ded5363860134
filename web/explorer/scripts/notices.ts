import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Manifest {
  name: string;
  version: string;
  license?: string;
  author?: string | { name?: string };
  homepage?: string;
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice|thirdpartynotices)/i;

/** The terms that "MIT" stands for (SPDX), for packages that name it without a copy. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/**
 * Two plugins that together write the licences of every package of which a
 * module is in the build: `collect` for the workers' own builds, `write` for the
 * page's. The text depends on the packages alone, so that builds are equal.
 */
export function noticesOf(fileName: string): { collect(): Plugin; write(): Plugin } {
  const folders = new Set<string>();
  const remember = (modules: Iterable<string>) => {
    for (const id of modules) {
      const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ""))?.[1];
      if (folder !== undefined) {
        folders.add(folder);
      }
    }
  };
  return {
    collect: () => ({
      name: "notices-collect",
      generateBundle(_options, bundle) {
        for (const part of Object.values(bundle)) {
          if (part.type === "chunk") remember(Object.keys(part.modules));
        }
      },
    }),
    write: () => ({
      name: "notices-write",
      generateBundle(_options, bundle) {
        for (const part of Object.values(bundle)) {
          if (part.type === "chunk") remember(Object.keys(part.modules));
        }
        this.emitFile({ type: "asset", fileName, source: noticesText(folders) });
      },
    }),
  };
}

function noticesText(folders: Iterable<string>): string {
  const notices = new Map<string, string>();
  for (const folder of folders) {
    const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    notices.set(`${manifest.name} ${manifest.version}`, noticeOf(folder, manifest));
  }
  const names = [...notices.keys()].sort();
  return [
    "The coopgraph explorer holds code of these packages:\n",
    ...names.map((name) => `  ${name}\n`),
    ...names.map((name) => `\n${"=".repeat(80)}\n${notices.get(name)}`),
  ].join("");
}

function noticeOf(folder: string, { name, version, license, author, homepage }: Manifest): string {
  if (license === undefined) {
    throw new Error(`${name} ${version} does not name its licence`);
  }
  const by = typeof author === "string" ? author : author?.name;
  const head = [`${name} ${version}`, `Licence: ${license}`];
  if (by !== undefined) head.push(`Author: ${by}`);
  if (homepage !== undefined) head.push(`Home: ${homepage}`);
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  if (texts.length === 0) {
    if (license !== "MIT") throw new Error(`${name} ${version} holds no copy of its licence, ${license}`);
    texts.push(MIT);
  }
  return [head.join("\n"), ...texts].join("\n\n") + "\n";
}
