// The cards of everybody who ever took part, as the server keeps them in the document.
import type { Readable } from "svelte/store";
import * as Y from "yjs";
import type { Kind } from "../app/api";
import { mapIn, stringIn } from "./read";
import { watchMap } from "./watch";

export interface Card {
  id: string;
  name: string;
  kind: Kind;
  role: string;
}

export type Cards = ReadonlyMap<string, Card>;

export function watchCards(doc: Y.Doc): Readable<Cards> {
  const control = doc.getMap("control");
  return watchMap(control, () => readCards(doc));
}

export function readCards(doc: Y.Doc): Cards {
  const cards = new Map<string, Card>();
  mapIn(doc.getMap("control"), "members")?.forEach((card, id) => {
    if (!(card instanceof Y.Map)) return;
    const kind = stringIn(card, "kind") === "agent" ? "agent" : "human";
    cards.set(id, { id, name: stringIn(card, "name") || id, kind, role: stringIn(card, "role") });
  });
  return cards;
}

/** Somebody without a card is still named. */
export function cardOf(cards: Cards, id: string): Card {
  return cards.get(id) ?? { id, name: id === "" ? "Somebody" : id, kind: "human", role: "" };
}
