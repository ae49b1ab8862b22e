// Fails when the page grows past its budget. Counts what a visitor loads first, gzip'd:
// the inbox without any editor, and the workspace page with it.
import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const ASSETS = new URL("../dist/assets/", import.meta.url);
const BUDGETS_KB = { inbox: 60, workspace: 180 };

const index = await readFile(new URL("../dist/index.html", import.meta.url), "utf8");
const names = (await readdir(ASSETS)).filter((name) => name.endsWith(".js"));
const first = names.filter((name) => index.includes(name));
const sizes = new Map();
for (const name of names) {
  sizes.set(name, gzipSync(await readFile(new URL(name, ASSETS)), { level: 9 }).length / 1000);
}

/** The files and everything they import before they run. */
async function withImports(files, seen = new Set()) {
  for (const name of files.filter((file) => !seen.has(file))) {
    seen.add(name);
    const code = await readFile(new URL(name, ASSETS), "utf8");
    const imports = [...code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)];
    await withImports(
      imports.map(([, file]) => file),
      seen,
    );
  }
  return [...seen];
}

const total = (list) => list.reduce((sum, name) => sum + sizes.get(name), 0);
const page = (start) => names.filter((name) => name.startsWith(start));
const found = {
  inbox: total(await withImports([...first, ...page("Home-")])),
  workspace: total(await withImports([...first, ...page("WorkspacePage-")])),
};
let isOver = false;
for (const [page, budget] of Object.entries(BUDGETS_KB)) {
  const over = found[page] > budget;
  isOver ||= over;
  console.log(`${over ? "OVER " : "ok   "}${page}: ${found[page].toFixed(1)} kB of ${budget} kB`);
}
process.exit(isOver ? 1 : 0);
