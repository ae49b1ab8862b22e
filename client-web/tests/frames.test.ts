import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode, MalformedFrame, type Incoming, type Outgoing } from "../src/sync/frames";
import { bytes, hex, vectors } from "./vectors";

const SENT: ReadonlySet<string> = new Set([
  "step1",
  "step2",
  "update",
  "awareness",
  "lineage",
  "queryAwareness",
]);

function plain(frame: Incoming): Record<string, unknown> {
  const entries = Object.entries(frame);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, value instanceof Uint8Array ? hex(value) : value]),
  );
}

function isSent(frame: Incoming): frame is Outgoing {
  return SENT.has(frame.type);
}

describe.each(["y-websocket", "extension"])("golden frames of %s", (file) => {
  test.each(vectors(file))("SYN2 reads $name", ({ hex: text, message }) => {
    expect(plain(decode(bytes(text)))).toEqual(message);
  });

  test.each(vectors(file))("SYN2 writes $name as it was read", ({ hex: text }) => {
    const frame = decode(bytes(text));
    if (isSent(frame)) expect(hex(encode(frame))).toBe(text);
  });
});

const malformed = vectors("malformed").filter(({ protocol }) => protocol !== undefined);
const ours = malformed.filter(
  ({ protocol }) => protocol === "y-websocket" || protocol === "extension",
);

test.each(ours)("SYN2 refuses $protocol $name", ({ hex: text }) => {
  expect(() => decode(bytes(text))).toThrow(MalformedFrame);
});

test("SYN2 any bytes end in a frame or in MalformedFrame", () => {
  const heads = fc.constantFrom([], [0, 1], [0, 2], [1], [2, 0], [80, 0], [80, 3]);
  fc.assert(
    fc.property(heads, fc.uint8Array({ maxLength: 64 }), (head, tail) => {
      try {
        decode(Uint8Array.from([...head, ...tail]));
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedFrame);
      }
    }),
    { numRuns: 2000 },
  );
});
