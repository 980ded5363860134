// Monaco ships types for its public entry only.
declare module "monaco-editor/esm/vs/editor/browser/config/tabFocus.js" {
  export const TabFocus: { setTabFocusMode(on: boolean): void };
}
