// Markdown shown live: marks are hidden off the caret's line, list signs become bullets and real
// checkboxes. Only what is visible is decorated, from the syntax tree that the parser keeps.
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Range } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import type { SyntaxNodeRef } from "@lezer/common";
import { safeAddress } from "./links";
import { BulletWidget, CheckboxWidget, RuleWidget } from "./widgets";

class Marks {
  shown: DecorationSet;
  /** List signs are one unit for the caret and for deletion. */
  atomic: DecorationSet;

  constructor(view: EditorView) {
    [this.shown, this.atomic] = decorate(view);
  }

  update(update: ViewUpdate): void {
    const isStale =
      update.docChanged ||
      update.viewportChanged ||
      update.selectionSet ||
      update.focusChanged ||
      syntaxTree(update.startState) !== syntaxTree(update.state);
    if (isStale) [this.shown, this.atomic] = decorate(update.view);
  }
}

export const markdownMarks = ViewPlugin.fromClass(Marks, {
  decorations: (marks) => marks.shown,
  provide: (plugin) =>
    EditorView.atomicRanges.of((view) => view.plugin(plugin)?.atomic ?? Decoration.none),
});

class Builder {
  readonly shown: Range<Decoration>[] = [];
  readonly atomic: Range<Decoration>[] = [];
  readonly #caretLines: Set<number>;

  constructor(
    readonly state: EditorState,
    hasFocus: boolean,
  ) {
    this.#caretLines = hasFocus ? linesOf(state) : new Set();
  }

  hide(from: number, to: number): void {
    const isCaretLine = this.#caretLines.has(this.state.doc.lineAt(from).number);
    if (from < to && !isCaretLine) this.shown.push(Decoration.replace({}).range(from, to));
  }

  replace(from: number, to: number, decoration: Decoration): void {
    this.shown.push(decoration.range(from, to));
    this.atomic.push(decoration.range(from, to));
  }

  line(at: number, className: string): void {
    const { from } = this.state.doc.lineAt(at);
    this.shown.push(Decoration.line({ class: className }).range(from));
  }

  lines(from: number, to: number, className: string): void {
    const last = this.state.doc.lineAt(to).number;
    for (let n = this.state.doc.lineAt(from).number; n <= last; n++) {
      this.line(this.state.doc.line(n).from, className);
    }
  }

  mark(from: number, to: number, className: string, attributes?: Record<string, string>): void {
    if (from >= to) return;
    const spec = attributes ? { class: className, attributes } : { class: className };
    this.shown.push(Decoration.mark(spec).range(from, to));
  }

  isCaretLine(at: number): boolean {
    return this.#caretLines.has(this.state.doc.lineAt(at).number);
  }
}

function decorate(view: EditorView): [DecorationSet, DecorationSet] {
  const builder = new Builder(view.state, view.hasFocus);
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({ from, to, enter: (node) => enter(builder, node) });
  }
  return [Decoration.set(builder.shown, true), Decoration.set(builder.atomic, true)];
}

function enter(builder: Builder, node: SyntaxNodeRef): void {
  switch (node.name) {
    case "HeaderMark":
      return builder.hide(node.from, pastSpace(builder.state, node.to));
    case "EmphasisMark":
    case "StrikethroughMark":
      return builder.hide(node.from, node.to);
    case "CodeMark":
      return builder.hide(node.from, node.to);
    case "InlineCode":
      return builder.mark(node.from, node.to, "cm-inline-code");
    case "FencedCode":
      return builder.lines(node.from, node.to, "cm-code-line");
    case "Blockquote":
      return builder.lines(node.from, node.to, "cm-quote-line");
    case "QuoteMark":
      return builder.hide(node.from, pastSpace(builder.state, node.to));
    case "ListMark":
      return listMark(builder, node);
    case "Link":
      return link(builder, node);
    case "URL":
      return bareAddress(builder, node);
    case "HorizontalRule":
      if (builder.isCaretLine(node.from)) return;
      return builder.replace(node.from, node.to, Decoration.replace({ widget: new RuleWidget() }));
    default:
      return heading(builder, node);
  }
}

function heading(builder: Builder, node: SyntaxNodeRef): void {
  const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1];
  if (level !== undefined) builder.line(node.from, `cm-heading cm-heading-${level}`);
}

function listMark(builder: Builder, node: SyntaxNodeRef): void {
  const { doc } = builder.state;
  const line = doc.lineAt(node.from);
  const indent = doc.sliceString(line.from, node.from);
  const from = indent.trim() === "" ? line.from : node.from;
  let to = pastSpace(builder.state, node.to);
  if (to === node.to) return;
  const task = node.node.nextSibling?.name === "Task" ? node.node.nextSibling : null;
  const box = task?.getChild("TaskMarker");
  if (box) to = pastSpace(builder.state, box.to);
  const sign = doc.sliceString(node.from, node.to);
  const widget = box
    ? new CheckboxWidget(
        /x/i.test(doc.sliceString(box.from, box.to)),
        doc.sliceString(to, line.to).trim(),
      )
    : new BulletWidget(/\d/.test(sign) ? sign : "•");
  builder.line(node.from, `cm-item cm-depth-${Math.min(depthOf(node), DEPTH_MAX)}`);
  builder.replace(from, to, Decoration.replace({ widget }));
}

function link(builder: Builder, node: SyntaxNodeRef): void {
  const url = node.node.getChild("URL");
  const [open, close] = node.node.getChildren("LinkMark");
  if (!url || !open || !close) return;
  const address = safeAddress(builder.state.doc.sliceString(url.from, url.to));
  builder.hide(open.from, open.to);
  builder.hide(close.from, node.to);
  if (address) builder.mark(open.to, close.from, "cm-link", linkAttributes(address));
}

function bareAddress(builder: Builder, node: SyntaxNodeRef): void {
  if (node.node.parent?.name === "Link") return;
  const address = safeAddress(builder.state.doc.sliceString(node.from, node.to));
  if (address) builder.mark(node.from, node.to, "cm-link", linkAttributes(address));
}

function linkAttributes(address: string): Record<string, string> {
  return { "data-address": address, title: `${address}\nCtrl or ⌘ click opens it` };
}

function depthOf(node: SyntaxNodeRef): number {
  let depth = -1;
  for (let up = node.node.parent; up; up = up.parent) {
    if (up.name === "BulletList" || up.name === "OrderedList") depth++;
  }
  return Math.max(depth, 0);
}

function linesOf(state: EditorState): Set<number> {
  const lines = new Set<number>();
  for (const { from, to } of state.selection.ranges) {
    const last = state.doc.lineAt(to).number;
    for (let n = state.doc.lineAt(from).number; n <= last; n++) lines.add(n);
  }
  return lines;
}

function pastSpace(state: EditorState, at: number): number {
  return state.doc.sliceString(at, at + 1) === " " ? at + 1 : at;
}

const DEPTH_MAX = 4;
