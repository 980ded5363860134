import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { noticesOf } from "./scripts/notices.ts";

const notices = noticesOf("THIRD-PARTY-NOTICES.txt");

export default defineConfig({
  base: "/explorer/",
  plugins: [react(), formatJsonWithoutPrettier(), notices.write()],
  resolve: {
    // Two names of one module: bundled once.
    alias: { "prettier/parser-graphql": "prettier/plugins/graphql" },
  },
  worker: {
    format: "es",
    plugins: () => [notices.collect()],
  },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // A hint to React's compiler, which does not run here.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
});

function formatJsonWithoutPrettier(): Plugin {
  const formatter = fileURLToPath(new URL("src/format-json.ts", import.meta.url));
  return {
    name: "format-json-without-prettier",
    enforce: "pre",
    resolveId(id, importer) {
      const fromFormatter = importer?.endsWith("/@graphiql/react/dist/utility/jsonc.js") ?? false;
      return fromFormatter && id.startsWith("prettier/") ? formatter : null;
    },
  };
}
