import type { editor } from "monaco-editor";

/** The name under which the editors know `theme`. */
export const THEME = "coopgraph-light";

const clear = "#ffffff00";
const white = "#ffffff";
const accent = "#bd0580";
const accentTint = "#bd058019";

/**
 * The editors' colours. Each text colour keeps a contrast of 4.5 to 1 (WCAG 2.1,
 * 1.4.3) on white and on the grey of the response; Monaco's own green of numbers
 * has 4.1 there.
 */
export const theme: editor.IStandaloneThemeData = {
  base: "vs",
  inherit: true,
  rules: [
    { token: "number", foreground: "076b46" },
    { token: "comment", foreground: "056b05" },
    { token: "argument.identifier.gql", foreground: "5450b8" },
  ],
  colors: {
    "editor.background": clear,
    "scrollbar.shadow": clear,
    "textLink.foreground": accent,
    "textLink.activeForeground": accent,
    "editorLink.activeForeground": accent,
    "editorHoverWidget.background": white,
    "editorSuggestWidget.background": white,
    "editorSuggestWidget.selectedBackground": accentTint,
    "editorSuggestWidget.selectedForeground": accent,
    "editorWidget.background": white,
    "list.hoverBackground": accentTint,
    "list.highlightForeground": accent,
    "list.focusHighlightForeground": accent,
    "menu.background": white,
    "menu.selectionBackground": accentTint,
    "menu.selectionForeground": accent,
    "quickInput.background": white,
    "quickInputList.focusBackground": accentTint,
    "quickInputList.focusForeground": "#444444",
    "pickerGroup.foreground": accent,
    focusBorder: accent,
  },
};
