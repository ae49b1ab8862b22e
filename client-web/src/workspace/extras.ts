// What is said about the text rather than in it: suggestions, comments, whose words they are.
// It comes a moment after the text itself, in a file of its own.
import { derived, type Readable } from "svelte/store";
import { isMember } from "../doc/control";
import type { Change } from "../doc/review";
import { watchSuggestions, type Suggestion } from "../doc/suggestions";
import { watchThreads, type Thread } from "../doc/threads";
import type { OverlaySource } from "../editor/overlay";
import { isSynced, type LiveContext } from "./context";
import { watchBothSides } from "../doc/both-sides";
import { overlayOf } from "./overlay";
import Announcer from "./Announcer.svelte";
import Faces from "./Faces.svelte";
import PageMenu from "./PageMenu.svelte";
import { handleKey } from "./keys";
import { isForMe } from "./news";
import NeedsYou from "./approvals/NeedsYou.svelte";
import OwnerBanner from "./pen/OwnerBanner.svelte";
import { drag } from "./plan/drag";
import Rail from "./plan/Rail.svelte";
import StepActions from "./plan/StepActions.svelte";
import ReviewBar from "./review/ReviewBar.svelte";
import { Review } from "./review/review";
import RemarksHere from "./remarks/RemarksHere.svelte";

export interface Extras {
  suggestions: Readable<Suggestion[]>;
  threads: Readable<Thread[]>;
  overlay: OverlaySource;
  review: Review;
  /** What is under review, while it is. */
  changed: Readable<Change[]>;
  /** Steps that both sides wrote in while this device was offline. */
  bothSides: Readable<ReadonlySet<string>>;
  /** How much waits for this person here. */
  needs: Readable<number>;
  handleKey: typeof handleKey;
  drag: typeof drag;
  Faces: typeof Faces;
  PageMenu: typeof PageMenu;
  StepActions: typeof StepActions;
  ReviewBar: typeof ReviewBar;
  RemarksHere: typeof RemarksHere;
  NeedsYou: typeof NeedsYou;
  Rail: typeof Rail;
  Announcer: typeof Announcer;
  OwnerBanner: typeof OwnerBanner;
}

export function extrasOf({ live, cards, control, whose }: LiveContext): Extras {
  const suggestions = watchSuggestions(live.doc);
  const threads = watchThreads(live.doc);
  const review = new Review(live);
  const changed = derived([review.state, review.on], ([state, on]) =>
    on ? (state?.left ?? []) : [],
  );
  const overlay = overlayOf(live.doc, { cards, suggestions, threads, whose, changed });
  const people = { Faces, Announcer, OwnerBanner, PageMenu, handleKey, drag };
  const parts = { ...people, RemarksHere, ReviewBar, NeedsYou, Rail, StepActions };
  const { connection } = live;
  const bothSides = watchBothSides(live.doc, connection, () => isSynced(connection.state));
  const me = live.member.id;
  const needs = derived([control, suggestions], ([{ approvals, handoffs }, offered]) => {
    const asked = approvals.filter((one) => one.status === "asked" && isForMe(one, me));
    const given = handoffs.filter(({ to }) => isMember(to, me));
    return asked.length + given.length + offered.length;
  });
  return { suggestions, threads, overlay, review, changed, bothSides, needs, ...parts };
}
