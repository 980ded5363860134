import { pick, useGraphiQL, useMonaco } from "@graphiql/react";
import { useEffect } from "react";
import { THEME, theme } from "./theme";

/** What GraphiQL does not offer as a setting: colours, accessible names, and lines that wrap. */
export function EditorSettings() {
  const monaco = useMonaco((state) => state.monaco);
  const { queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL(
    pick("queryEditor", "variableEditor", "headerEditor", "responseEditor"),
  );

  useEffect(() => {
    monaco?.editor.defineTheme(THEME, theme);
    monaco?.editor.setTheme(THEME);
  }, [monaco]);

  useEffect(() => {
    queryEditor?.updateOptions({ ariaLabel: "Operation", wordWrap: "on" });
    variableEditor?.updateOptions({ ariaLabel: "Variables", wordWrap: "on" });
    headerEditor?.updateOptions({ ariaLabel: "Headers", wordWrap: "on" });
    responseEditor?.updateOptions({ ariaLabel: "Response" });
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);

  return null;
}
