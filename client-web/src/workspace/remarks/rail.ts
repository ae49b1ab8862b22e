// Whether the page is wide enough for a rail beside the text.
import { readable, type Readable } from "svelte/store";

export const hasRail: Readable<boolean> = readable(true, (set) => {
  const query = matchMedia("(min-width: 1120px)");
  const tell = () => set(query.matches);
  tell();
  query.addEventListener("change", tell);
  return () => query.removeEventListener("change", tell);
});
