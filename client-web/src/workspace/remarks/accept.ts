// Taking a suggestion over. The server does it, so that the words stay their author's; without it
// a passage is taken over right here.
import * as Y from "yjs";
import { acceptSuggestion, refusal } from "../../app/commands";
import { showToast } from "../../app/toast";
import { change } from "../../doc/document";
import { textAt } from "../../doc/place";
import { acceptPassage, fitOf, isLocal, type Suggestion } from "../../doc/suggestions";
import { rewriteRange } from "../../doc/text";
import type { Live } from "../../sync/live";

export async function accept(
  live: Live,
  suggestion: Suggestion,
  { words, isOnline }: { words: string | undefined; isOnline: boolean },
): Promise<void> {
  if (!isOnline && isLocal(suggestion)) {
    const isDone = acceptPassage(live.doc, suggestion, live.member.id, words);
    const undo = { label: "Undo", run: () => void live.undo.all.undo() };
    showToast(isDone ? { text: ACCEPTED, action: undo } : { text: CHANGED });
    return;
  }
  const takeBack = revertOf(live.doc, suggestion, words ?? suggestion.replacement);
  try {
    await acceptSuggestion(live.workspace, suggestion.id, words);
    showToast({ text: ACCEPTED, ...(takeBack && { action: { label: "Undo", run: takeBack } }) });
  } catch (error) {
    showToast({ text: refusal(error) });
  }
}

/** What the server writes is not in this page's undo, so the passage is remembered instead. */
function revertOf(doc: Y.Doc, suggestion: Suggestion, words: string): (() => void) | null {
  const text = textAt(doc, suggestion.keys);
  const fit = fitOf(doc, suggestion);
  if (!text || fit.kind === "stale" || !fit.range) return null;
  const { from, to } = fit.range;
  const before = Y.createRelativePositionFromTypeIndex(text, from, -1);
  const behind = Y.createRelativePositionFromTypeIndex(text, to, 0);
  return () => {
    const start = Y.createAbsolutePositionFromRelativePosition(before, doc)?.index ?? 0;
    const end = Y.createAbsolutePositionFromRelativePosition(behind, doc)?.index ?? text.length;
    if (text.toString().slice(start, end) !== words) return showToast({ text: CHANGED });
    change(text, () => {
      rewriteRange(text, { from: start, to: end }, suggestion.quote);
      suggestion.map.set("status", "open");
      suggestion.map.delete("decided_by");
    });
  };
}

const ACCEPTED = "Suggestion accepted";
const CHANGED = "The text changed underneath. Look again.";
