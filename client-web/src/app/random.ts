// Names that nobody else makes. Also where pages come without TLS: `crypto.randomUUID` is missing there.

export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
