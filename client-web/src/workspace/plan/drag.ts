// Moving a step with the pointer: it is held at its number, and a line shows where it would go.
// The menu and Alt with the arrows do the same without a pointer.

export interface Drop {
  /** The place among the others, counted without the dragged one. */
  place: number;
  /** Where the line is drawn, in pixels from the top of the list. */
  top: number;
}

interface Hooks {
  /** Called with every move, and with null when it is over. */
  over: (drop: Drop | null) => void;
  /** Called once, if the step was let go somewhere else. */
  drop: (place: number) => void;
}

/** Starts on `pointerdown` on a handle inside `row`, which is a child of `list`. */
export function drag(event: PointerEvent, row: HTMLElement, hooks: Hooks): void {
  const list = row.parentElement;
  const handle = event.currentTarget;
  if (!list || !(handle instanceof HTMLElement) || event.button !== 0) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  const startY = event.clientY;
  let now: Drop | null = null;

  const move = ({ clientY }: PointerEvent): void => {
    if (now === null && Math.abs(clientY - startY) < SLACK_PX) return;
    scrollNear(clientY);
    now = dropAt(list, row, clientY);
    hooks.over(now);
  };
  const stop = (end: Event): void => {
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", stop);
    handle.removeEventListener("pointercancel", stop);
    removeEventListener("keydown", escape, true);
    hooks.over(null);
    if (end.type === "pointerup" && now) hooks.drop(now.place);
  };
  const escape = (key: KeyboardEvent): void => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    stop(key);
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", stop);
  handle.addEventListener("pointercancel", stop);
  addEventListener("keydown", escape, true);
}

function dropAt(list: HTMLElement, row: HTMLElement, y: number): Drop {
  const others = [...list.children].filter((child) => child !== row);
  const boxes = others.map((child) => child.getBoundingClientRect());
  const found = boxes.findIndex((box) => y < box.top + box.height / 2);
  const place = found < 0 ? boxes.length : found;
  const edge = found < 0 ? (boxes.at(-1)?.bottom ?? 0) : (boxes[found]?.top ?? 0);
  return { place, top: edge - list.getBoundingClientRect().top };
}

/** Near an edge of the window the page moves along. */
function scrollNear(y: number): void {
  if (y < EDGE_PX) scrollBy(0, -STRIDE_PX);
  else if (y > innerHeight - EDGE_PX) scrollBy(0, STRIDE_PX);
}

const SLACK_PX = 4;
const EDGE_PX = 110;
const STRIDE_PX = 14;
