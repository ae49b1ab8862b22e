// Ids of new items: short, random, made by the writer.
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** 10 characters of base 36, about 51 bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => DIGITS[byte % DIGITS.length]).join("");
}
