// The document as Svelte stores. A store reads anew when something below it changed; text is
// left out where an editor shows it, so that typing does not rebuild lists.
import { readable, type Readable } from "svelte/store";
import * as Y from "yjs";

/** Follows everything below `map` except the insides of texts. */
export function watchMap<Value>(map: Y.Map<unknown>, read: () => Value): Readable<Value> {
  return readable(read(), (set) => {
    const update = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
      if (events.some((event) => !(event.target instanceof Y.Text))) set(read());
    };
    set(read());
    map.observeDeep(update as Parameters<typeof map.observeDeep>[0]);
    return () => map.unobserveDeep(update as Parameters<typeof map.unobserveDeep>[0]);
  });
}

/** Follows everything below `map`, with the insides of texts. */
export function watchAll<Value>(map: Y.Map<unknown>, read: () => Value): Readable<Value> {
  return readable(read(), (set) => {
    const update = () => set(read());
    update();
    map.observeDeep(update);
    return () => map.unobserveDeep(update);
  });
}

export function watchText(text: Y.Text | null): Readable<string> {
  return readable(text?.toString() ?? "", (set) => {
    if (!text) return;
    const update = () => set(text.toString());
    update();
    text.observe(update);
    return () => text.unobserve(update);
  });
}
