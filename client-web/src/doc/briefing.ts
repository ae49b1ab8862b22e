// The briefing: what a newcomer must know, as fields and lists.
import type { Readable } from "svelte/store";
import * as Y from "yjs";
import type { Action, Briefing as Generated, Primitive } from "../generated/workspace";
import { change, removeEntry, rootsOf } from "./document";
import { newId } from "./ids";
import { inOrder, keyAtEnd, moveBy } from "./order";
import { mapIn, numberIn, stringIn, textIn, wordIn } from "./read";
import { newText } from "./new-text";
import { watchMap } from "./watch";

export type Sentiment = Generated["sentiment"];
export const SENTIMENTS: readonly Sentiment[] = ["neutral", "positive", "frustrated", "urgent"];

export type Outcome = Action["outcome"];
export const OUTCOMES: readonly Outcome[] = ["pending", "done", "failed", "declined"];

/** The lists of the briefing; each item's texts are in its map. */
export type ListName = "actions" | "constraints" | "questions" | "sources";

export interface ListItem {
  id: string;
  map: Y.Map<unknown>;
}

export type EntityValue = Primitive;

export interface Briefing {
  intent: Y.Text | null;
  nextStep: Y.Text | null;
  confidence: number | null;
  sentiment: Sentiment;
  entities: { key: string; value: EntityValue }[];
  lists: Record<ListName, ListItem[]>;
}

export interface Source {
  title: string;
  uri: string;
  kind: string;
}

export function watchBriefing(doc: Y.Doc): Readable<Briefing> {
  const { briefing } = rootsOf(doc);
  return watchMap(briefing, () => readBriefing(briefing));
}

export function outcomeOf(item: ListItem): Outcome {
  return wordIn(item.map, "outcome", OUTCOMES, "pending");
}

export function sourceOf(item: ListItem): Source {
  const { map } = item;
  return { title: stringIn(map, "title"), uri: stringIn(map, "uri"), kind: stringIn(map, "kind") };
}

export function addItem(doc: Y.Doc, list: Exclude<ListName, "sources">): string | null {
  return insert(doc, list, (item) => {
    item.set("text", newText(""));
    if (list === "actions") item.set("outcome", "pending");
    if (list === "questions") item.set("answer", newText(""));
  });
}

export function addSource(doc: Y.Doc, source: Source): string | null {
  return insert(doc, "sources", (item) => {
    for (const [key, value] of Object.entries(source)) item.set(key, value);
  });
}

export function setField(map: Y.Map<unknown>, key: string, value: string | number): void {
  change(map, () => map.set(key, value));
}

export function clearField(map: Y.Map<unknown>, key: string): void {
  change(map, () => map.delete(key));
}

export function setEntity(doc: Y.Doc, key: string, value: EntityValue): void {
  const entities = mapIn(rootsOf(doc).briefing, "entities");
  if (entities && key !== "") change(entities, () => entities.set(key, value));
}

export function removeEntity(doc: Y.Doc, key: string): void {
  const entities = mapIn(rootsOf(doc).briefing, "entities");
  if (entities) removeEntry(entities, key);
}

export function moveItem(doc: Y.Doc, list: ListName, id: string, places: -1 | 1): boolean {
  const items = mapIn(rootsOf(doc).briefing, list);
  return items !== null && moveBy(items, id, places);
}

export function removeItem(doc: Y.Doc, list: ListName, id: string): void {
  const items = mapIn(rootsOf(doc).briefing, list);
  if (items) removeEntry(items, id);
}

function insert(doc: Y.Doc, list: ListName, fill: (item: Y.Map<unknown>) => void): string | null {
  const items = mapIn(rootsOf(doc).briefing, list);
  if (!items) return null;
  const id = newId();
  change(items, () => {
    const item = new Y.Map<unknown>();
    fill(item);
    item.set("order", keyAtEnd(items));
    items.set(id, item);
  });
  return id;
}

function readBriefing(briefing: Y.Map<unknown>): Briefing {
  const list = (name: ListName): ListItem[] => {
    const items = mapIn(briefing, name);
    return items === null ? [] : inOrder(items);
  };
  return {
    intent: textIn(briefing, "intent"),
    nextStep: textIn(briefing, "next_step"),
    confidence: numberIn(briefing, "confidence"),
    sentiment: wordIn(briefing, "sentiment", SENTIMENTS, "neutral"),
    entities: readEntities(mapIn(briefing, "entities")),
    lists: {
      actions: list("actions"),
      constraints: list("constraints"),
      questions: list("questions"),
      sources: list("sources"),
    },
  };
}

function readEntities(map: Y.Map<unknown> | null): { key: string; value: EntityValue }[] {
  const found: { key: string; value: EntityValue }[] = [];
  map?.forEach((value, key) => {
    const isPlain = ["string", "number", "boolean"].includes(typeof value);
    if (isPlain) found.push({ key, value: value as EntityValue });
  });
  return found.sort((a, b) => a.key.localeCompare(b.key));
}
