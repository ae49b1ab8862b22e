// CodeMirror writes its styles into <style> elements, which the page's policy forbids. Here the
// same rules go into one constructed style sheet instead. Import this before any editor is made.
import { StyleModule } from "style-mod";

const sheet = new CSSStyleSheet();
const mounted = new Set<StyleModule>();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

StyleModule.mount = (_root, modules) => {
  for (const module of [modules].flat()) {
    if (!mounted.has(module)) append(module);
  }
};

function append(module: StyleModule): void {
  mounted.add(module);
  for (const rule of module.getRules().split("\n")) {
    if (rule.trim() !== "") sheet.insertRule(rule, sheet.cssRules.length);
  }
}
