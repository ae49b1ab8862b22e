// Addresses in a document come from anyone: only these kinds are ever followed.
const FOLLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address if it is safe to open, otherwise null. */
export function safeAddress(text: string): string | null {
  const trimmed = text.trim().replace(/^<|>$/g, "");
  if (!URL.canParse(trimmed)) return null;
  const url = new URL(trimmed);
  return FOLLOWED.has(url.protocol) ? url.href : null;
}

export function openAddress(address: string): void {
  open(address, "_blank", "noopener,noreferrer");
}
