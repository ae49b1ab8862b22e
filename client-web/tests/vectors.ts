// The golden frames that the Rust side asserts too.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Vector {
  name: string;
  hex: string;
  protocol?: string;
  message?: Record<string, unknown> & { type: string };
}

export function vectors(file: string): Vector[] {
  const path = join(import.meta.dirname, "../../tests/vectors", `${file}.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { vectors: Vector[] }).vectors;
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
