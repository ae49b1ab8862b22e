// Reading untyped values out of the document: what does not fit the schema reads as absent.
import * as Y from "yjs";

export function textIn(map: Y.Map<unknown>, key: string): Y.Text | null {
  const value = map.get(key);
  return value instanceof Y.Text ? value : null;
}

export function mapIn(map: Y.Map<unknown>, key: string): Y.Map<unknown> | null {
  const value = map.get(key);
  return value instanceof Y.Map ? value : null;
}

export function stringIn(map: Y.Map<unknown>, key: string): string {
  const value = map.get(key);
  return typeof value === "string" ? value : "";
}

export function numberIn(map: Y.Map<unknown>, key: string): number | null {
  const value = map.get(key);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function wordIn<Word extends string>(
  map: Y.Map<unknown>,
  key: string,
  words: readonly Word[],
  absent: NoInfer<Word>,
): Word {
  const value = map.get(key);
  return words.find((word) => word === value) ?? absent;
}
