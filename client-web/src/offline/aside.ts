// Words that could not be sent and must not be lost: kept on this device until the person says
// that they are done with them.
export interface Aside {
  why: string;
  text: string;
}

export function keepAside(member: string, workspace: string, aside: Aside): void {
  if (aside.text === "") return;
  const before = readAside(member, workspace);
  const text = before ? `${before.text}\n\n${aside.text}` : aside.text;
  try {
    localStorage.setItem(key(member, workspace), JSON.stringify({ ...aside, text }));
  } catch {
    // No room: the page still shows the words until it is closed.
  }
}

export function readAside(member: string, workspace: string): Aside | null {
  const kept = localStorage.getItem(key(member, workspace));
  return kept === null ? null : (JSON.parse(kept) as Aside);
}

export function dropAside(member: string, workspace: string): void {
  localStorage.removeItem(key(member, workspace));
}

function key(member: string, workspace: string): string {
  return `penhold.aside/${member}/${workspace}`;
}
