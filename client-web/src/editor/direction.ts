// Each line runs in the direction of its own first letter, as in `dir="auto"`.
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

export const lineDirections: Extension = [
  EditorView.perLineTextDirection.of(true),
  EditorView.decorations.of(ownDirections),
];

const OWN = Decoration.line({ attributes: { dir: "auto" } });

function ownDirections({ state, visibleRanges }: EditorView): DecorationSet {
  const lines = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to;) {
      const line = state.doc.lineAt(at);
      lines.add(line.from, line.from, OWN);
      at = line.to + 1;
    }
  }
  return lines.finish();
}
