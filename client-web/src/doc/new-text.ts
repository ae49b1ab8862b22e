// A text that is not part of a document yet.
import * as Y from "yjs";

export function newText(content: string): Y.Text {
  const text = new Y.Text();
  if (content !== "") text.insert(0, content);
  return text;
}
