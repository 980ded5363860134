import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { EditorSettings } from "./EditorSettings";
import { EXAMPLES_PLUGIN } from "./ExamplesPane";
import { fetcher } from "./fetcher";
import type { Store } from "./storage";
import { THEME } from "./theme";

const plugins = [EXAMPLES_PLUGIN, explorerPlugin(), HISTORY_PLUGIN];
const editorTheme = { light: THEME, dark: THEME };

/** GraphiQL on this host's endpoint. Headers are never stored: they may hold a token. */
export function Explorer({ storage }: { storage: Store }) {
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      visiblePlugin={DOC_EXPLORER_PLUGIN}
      defaultEditorToolsVisibility="variables"
      forcedTheme="light"
      defaultTheme="light"
      editorTheme={editorTheme}
      schemaDescription
      inputValueDeprecation
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>
        <h1 className="explorer-name">coopgraph explorer</h1>
      </GraphiQL.Logo>
      <EditorSettings />
    </GraphiQL>
  );
}
