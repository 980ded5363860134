import type { Environment } from "monaco-editor";
import EditorWorker from "monaco-editor/esm/vs/editor/editor.worker.js?worker";
import JsonWorker from "monaco-editor/esm/vs/language/json/json.worker.js?worker";
import GraphQLWorker from "monaco-graphql/esm/graphql.worker.js?worker";

/** Gives Monaco its workers as files of this host: no `blob:`, so that `default-src 'self'` holds. */
export function provideWorkers(): void {
  const environment: Environment = {
    getWorker(_id, label) {
      switch (label) {
        case "graphql":
          return new GraphQLWorker();
        case "json":
          return new JsonWorker();
        default:
          return new EditorWorker();
      }
    },
  };
  Object.assign(globalThis, { MonacoEnvironment: environment });
}
