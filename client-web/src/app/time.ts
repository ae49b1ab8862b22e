// Times as people say them.
export function ago(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1000));
  if (seconds < 45) return "just now";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(hours / 24);
  if (days < 7) return days === 1 ? "yesterday" : `${days} days ago`;
  return new Date(atMs).toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

/** "14:02" today, "12 Nov, 14:02" on another day: when exactly it was, or will be. */
export function moment(atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return isToday ? MINUTE.format(atMs) : `${DAY.format(atMs)}, ${MINUTE.format(atMs)}`;
}

/** "12 Nov 2026, 14:02": also years later. */
export function dateAndTime(atMs: number): string {
  return FULL.format(atMs);
}

export function clock(atMs: number): string {
  return SECOND.format(atMs);
}

// Making a format takes a hundred times as long as using it, and the clock is read at each key.
const MINUTE = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const SECOND = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" });
const FULL = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "short",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

export function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
