// Commands as buttons give them: what came of it is said, and what can be undone offers that.
import { refusal, release, takeOver, claim, handOff, withdrawHandoff } from "../../app/commands";
import { showToast } from "../../app/toast";
import { holdingOf, type Holding, type Owner } from "../../doc/control";
import type { Live } from "../../sync/live";

/** Runs a command; a refusal is a sentence in the toast. Returns whether it went through. */
export async function attempt(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    showToast({ text: refusal(error) });
    return false;
  }
}

export async function takePen(live: Live, holding: Holding, name: string): Promise<void> {
  const { workspace } = live;
  const before = holding.owner;
  const isOpen = before.kind !== "member";
  const take = isOpen ? claim : takeOver;
  const done = await attempt(() => take(workspace, holding.item, holding.epoch));
  if (!done) return;
  const undo = { label: "Undo", run: () => void giveBack(live, holding.item, before) };
  showToast({ text: `You own ${name} now`, action: undo });
}

/** Takes a hand-off back: an offer is withdrawn, a pen that has passed is taken again. */
export async function takeBack(live: Live, item: string, offer: string | null): Promise<void> {
  const { workspace, doc } = live;
  const done = await attempt(() =>
    offer === null
      ? takeOver(workspace, item, holdingOf(doc, item).epoch)
      : withdrawHandoff(workspace, offer),
  );
  if (done) showToast({ text: "Taken back" });
}

async function giveBack(live: Live, item: string, to: Owner): Promise<void> {
  const { workspace, doc } = live;
  const { epoch } = holdingOf(doc, item);
  const done = await attempt(() => {
    if (to.kind === "nobody") return release(workspace, item, epoch);
    const receiver = to.kind === "member" ? { member: to.id } : { queue: to.name };
    const back = { item, to: receiver, mode: "cold", epoch, emergency: true } as const;
    return handOff(workspace, { ...back, trigger: "other", note: "Taken by mistake." });
  });
  if (done) showToast({ text: "Given back" });
}
