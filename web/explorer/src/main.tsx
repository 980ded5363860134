import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";
import "./explorer.css";

import { TabFocus } from "monaco-editor/esm/vs/editor/browser/config/tabFocus.js";
import { createRoot } from "react-dom/client";
import { examples } from "./examples";
import { Explorer } from "./Explorer";
import { openStorage } from "./storage";
import { seedTabs } from "./tabs";
import { provideWorkers } from "./workers";

provideWorkers();
// Tab must leave the editor for people who use the keyboard; Ctrl-M turns that off and on.
TabFocus.setTabFocusMode(true);

const storage = openStorage();
seedTabs(
  storage,
  examples.filter((example) => example.tab),
);

const root = document.getElementById("explorer");
if (root === null) {
  throw new Error("index.html has no element #explorer");
}
createRoot(root).render(<Explorer storage={storage} />);
