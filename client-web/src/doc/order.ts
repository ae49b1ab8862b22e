// Things in order: entries of a map of id → item, sorted by (order key, id). Moving an item
// changes its key alone, so an edit somebody makes inside it meanwhile is kept.
import { generateKeyBetween } from "fractional-indexing";
import * as Y from "yjs";
import { change } from "./document";
import { stringIn } from "./read";

export interface Ordered {
  id: string;
  map: Y.Map<unknown>;
  order: string;
}

export function inOrder(items: Y.Map<unknown>): Ordered[] {
  const found: Ordered[] = [];
  items.forEach((map, id) => {
    if (map instanceof Y.Map) found.push({ id, map, order: stringIn(map, "order") });
  });
  return found.sort((a, b) => compare(a.order, b.order) || compare(a.id, b.id));
}

/** The key that sorts after every item. */
export function keyAtEnd(items: Y.Map<unknown>): string {
  return keyBetween(inOrder(items).at(-1)?.order ?? null, null);
}

/** Moves an item by one place. Returns whether there was a place to move to. */
export function moveBy(items: Y.Map<unknown>, id: string, places: -1 | 1): boolean {
  const list = inOrder(items);
  const at = list.findIndex((item) => item.id === id);
  const item = list[at];
  const neighbour = list[at + places];
  if (!item || !neighbour) return false;
  const beyond = list[at + 2 * places]?.order ?? null;
  const order =
    places === 1 ? keyBetween(neighbour.order, beyond) : keyBetween(beyond, neighbour.order);
  change(items, () => item.map.set("order", order));
  return true;
}

/** Moves an item to a place among the others, counted without it. */
export function moveTo(items: Y.Map<unknown>, id: string, place: number): boolean {
  const list = inOrder(items);
  const item = list.find((entry) => entry.id === id);
  if (!item || list.indexOf(item) === place) return false;
  const others = list.filter((entry) => entry !== item);
  const before = others[place - 1]?.order ?? null;
  const order = keyBetween(before, others[place]?.order ?? null);
  change(items, () => item.map.set("order", order));
  return true;
}

/** Two writers at the same place make equal keys; past those the next greater one is taken. */
function keyBetween(low: string | null, high: string | null): string {
  const isGap = low === null || high === null || low < high;
  return generateKeyBetween(low || null, isGap ? high || null : null);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
