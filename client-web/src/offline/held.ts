// Which history of a workspace this device holds a copy of, if it holds one.
export function heldLineage(member: string, workspace: string): string | null {
  return localStorage.getItem(pointer(member, workspace));
}

export function holdLineage(copy: { member: string; workspace: string; lineage: string }): void {
  localStorage.setItem(pointer(copy.member, copy.workspace), copy.lineage);
}

export function forgetLineage(member: string, workspace: string): void {
  localStorage.removeItem(pointer(member, workspace));
}

function pointer(member: string, workspace: string): string {
  return `penhold.copy/${member}/${workspace}`;
}
