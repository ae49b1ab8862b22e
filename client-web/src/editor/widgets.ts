// What stands in for Markdown marks: bullets, numbers, checkboxes and rules. Built as elements;
// nothing of the document ever becomes HTML.
import { EditorView, WidgetType } from "@codemirror/view";

export class BulletWidget extends WidgetType {
  constructor(readonly sign: string) {
    super();
  }

  override eq(other: BulletWidget): boolean {
    return other.sign === this.sign;
  }

  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = this.sign === "•" ? "cm-bullet" : "cm-bullet cm-number";
    span.textContent = this.sign;
    return span;
  }
}

export class CheckboxWidget extends WidgetType {
  constructor(
    readonly checked: boolean,
    readonly label: string,
  ) {
    super();
  }

  override eq(other: CheckboxWidget): boolean {
    return other.checked === this.checked && other.label === this.label;
  }

  override toDOM(view: EditorView): HTMLElement {
    const place = document.createElement("span");
    place.className = "cm-check";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = this.checked;
    box.disabled = view.state.readOnly;
    box.setAttribute("aria-label", this.label === "" ? "Done" : this.label);
    box.addEventListener("mousedown", (event) => event.stopPropagation());
    box.addEventListener("change", () => toggle(view, place, box));
    place.append(box);
    return place;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

export class RuleWidget extends WidgetType {
  override eq(): boolean {
    return true;
  }

  override toDOM(): HTMLElement {
    const rule = document.createElement("span");
    rule.className = "cm-rule";
    return rule;
  }
}

/** Writes the one character between the brackets; the document is what redraws the box. */
function toggle(view: EditorView, place: HTMLElement, box: HTMLInputElement): void {
  const line = view.state.doc.lineAt(view.posAtDOM(place));
  const open = line.text.search(/\[[ xX]\]/);
  if (open < 0) return;
  const from = line.from + open + 1;
  view.dispatch({
    changes: { from, to: from + 1, insert: box.checked ? "x" : " " },
    userEvent: "input.toggle",
  });
}
