// What changed about who holds the pen and what is asked, in sentences. Given what stood before and
// what stands now, it answers what is new; it knows no page.
import {
  isMember,
  type Approval,
  type Control,
  type Handoff,
  type Holding,
  type Item,
  type Owner,
} from "../doc/control";

/** What the sentences compare. */
export interface Standing {
  holdings: Holding[];
  approvals: Approval[];
  handoffs: Handoff[];
}

export interface News {
  sentence: string;
  /** What has to be done, when it is this member who should. */
  needs: { tag: string; place: string } | null;
}

export interface Around {
  me: string;
  name: (member: string) => string;
}

const ITEMS: readonly Item[] = ["workspace", "plan", "briefing", "notes"];

export function standingOf({ holding, approvals, handoffs }: Control): Standing {
  const holdings = ITEMS.map(holding).filter(({ inherited }) => inherited === null);
  return { holdings, approvals: approvals.filter(({ status }) => status === "asked"), handoffs };
}

export function newsOf(before: Standing, now: Standing, around: Around): News[] {
  return [
    ...ownersNews(before, now, around),
    ...handoffNews(before, now, around),
    ...approvalNews(before, now, around),
  ];
}

/** Whether somebody may be the one to answer. */
export function isForMe({ named }: Approval, me: string): boolean {
  return named.length === 0 || named.includes(me);
}

function ownersNews(before: Standing, now: Standing, around: Around): News[] {
  return now.holdings.flatMap(({ item, owner, epoch }) => {
    const was = before.holdings.find((holding) => holding.item === item);
    if (was && (was.epoch === epoch || isSame(was.owner, owner))) return [];
    if (!was && owner.kind === "nobody") return [];
    const who = ownerName(owner, around);
    const sentence = `${who} ${who === "You" ? "own" : "owns"} the ${item} now`;
    return [
      { sentence: owner.kind === "nobody" ? `Nobody owns the ${item} now` : sentence, needs: null },
    ];
  });
}

function handoffNews(before: Standing, now: Standing, around: Around): News[] {
  const known = new Set(before.handoffs.map(({ id }) => id));
  const fresh = now.handoffs.filter(({ id, by }) => !known.has(id) && by !== around.me);
  return fresh.map(({ id, item, to, by }) => {
    const isMine = isMember(to, around.me);
    const whom = isMine ? "you" : ownerName(to, around);
    const [kind = "it"] = item.split(":");
    const sentence = `${around.name(by)} offers ${whom} the ${kind}`;
    return { sentence, needs: isMine ? { tag: id, place: item } : null };
  });
}

function approvalNews(before: Standing, now: Standing, around: Around): News[] {
  const known = new Set(before.approvals.map(({ id }) => id));
  const open = new Set(now.approvals.map(({ id }) => id));
  const asked = now.approvals.filter(({ id }) => !known.has(id));
  const over = before.approvals.filter(({ id }) => !open.has(id));
  return [
    ...asked.map((approval) => ({
      sentence: `${around.name(approval.by)} asks: ${approval.title}`,
      needs: isForMe(approval, around.me)
        ? { tag: approval.id, place: `approval:${approval.id}` }
        : null,
    })),
    ...over.map(({ title }) => ({ sentence: `“${title}” is no longer open`, needs: null })),
  ];
}

function ownerName(owner: Owner, { me, name }: Around): string {
  if (owner.kind === "nobody") return "Nobody";
  if (owner.kind === "queue") return `The queue “${owner.name}”`;
  return owner.id === me ? "You" : name(owner.id);
}

function isSame(one: Owner, other: Owner): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
