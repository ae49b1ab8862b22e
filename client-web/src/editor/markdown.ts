// Markdown in an editor: its words styled, its marks hidden, its links followed.
import { markdownLanguage } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { openAddress } from "./links";
import { markdownMarks } from "./marks";

const highlight = HighlightStyle.define([
  { tag: tags.strong, class: "cm-strong" },
  { tag: tags.emphasis, class: "cm-emphasis" },
  { tag: tags.strikethrough, class: "cm-strike" },
  { tag: tags.processingInstruction, class: "cm-mark" },
]);

export const markdown: Extension = [
  markdownLanguage.extension,
  syntaxHighlighting(highlight),
  markdownMarks,
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
  EditorView.domEventHandlers({ click: followLink }),
];

function followLink(event: MouseEvent, view: EditorView): boolean {
  const target = event.target instanceof HTMLElement ? event.target.closest(".cm-link") : null;
  const address = target instanceof HTMLElement ? target.dataset.address : undefined;
  const isWanted = event.metaKey || event.ctrlKey || view.state.readOnly;
  if (address === undefined || !isWanted) return false;
  openAddress(address);
  return true;
}
