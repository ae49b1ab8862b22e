// Frames of y-websocket and of Penhold's extension of it (message type 80). Pure: bytes in and
// out. One message a frame; whatever else is refused. docs/protocol.md describes the layout.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

export type Incoming =
  | { type: "step1"; stateVector: Uint8Array }
  | { type: "step2"; update: Uint8Array }
  | { type: "update"; update: Uint8Array }
  | { type: "awareness"; payload: Uint8Array }
  | { type: "authDenied"; reason: string }
  | { type: "queryAwareness" }
  | { type: "hello"; lineage: string; member: string; role: string }
  | { type: "lineage"; lineage: string }
  | { type: "ack"; updates: number }
  | { type: "denied"; client: number | null; path: string; reason: string }
  | { type: "readOnly"; reason: string }
  | { type: "writable" };

export type Outgoing = Extract<
  Incoming,
  { type: "step1" | "step2" | "update" | "awareness" | "lineage" | "queryAwareness" }
>;

/** Reads one frame. Throws `MalformedFrame` on anything but exactly one known message. */
export function decode(bytes: Uint8Array): Incoming {
  const decoder = decoding.createDecoder(bytes);
  let frame: Incoming;
  try {
    frame = readMessage(decoder);
  } catch (error) {
    throw error instanceof MalformedFrame ? error : new MalformedFrame("the frame is cut short");
  }
  if (decoding.hasContent(decoder)) throw new MalformedFrame("bytes follow the message");
  return frame;
}

export function encode(frame: Outgoing): Uint8Array<ArrayBuffer> {
  const out = encoding.createEncoder();
  switch (frame.type) {
    case "step1":
      return payload(out, [SYNC, STEP1], frame.stateVector);
    case "step2":
      return payload(out, [SYNC, STEP2], frame.update);
    case "update":
      return payload(out, [SYNC, UPDATE], frame.update);
    case "awareness":
      return payload(out, [AWARENESS], frame.payload);
    case "lineage":
      return payload(out, [EXTENSION, LINEAGE], new TextEncoder().encode(frame.lineage));
    case "queryAwareness":
      encoding.writeVarUint(out, QUERY_AWARENESS);
      return encoding.toUint8Array(out);
  }
}

export class MalformedFrame extends Error {}

function payload(
  out: encoding.Encoder,
  types: number[],
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  for (const type of types) encoding.writeVarUint(out, type);
  encoding.writeVarUint8Array(out, bytes);
  return encoding.toUint8Array(out);
}

function readMessage(from: decoding.Decoder): Incoming {
  const type = readNumber(from);
  switch (type) {
    case SYNC:
      return readSync(from);
    case AWARENESS:
      return { type: "awareness", payload: readBytes(from) };
    case AUTH:
      return readAuth(from);
    case QUERY_AWARENESS:
      return { type: "queryAwareness" };
    case EXTENSION:
      return readExtension(from);
    default:
      throw new MalformedFrame(`message type ${type} is not known`);
  }
}

function readSync(from: decoding.Decoder): Incoming {
  const type = readNumber(from);
  if (type === STEP1) return { type: "step1", stateVector: readBytes(from) };
  if (type === STEP2) return { type: "step2", update: readBytes(from) };
  if (type === UPDATE) return { type: "update", update: readBytes(from) };
  throw new MalformedFrame(`sync type ${type} is not known`);
}

function readAuth(from: decoding.Decoder): Incoming {
  const type = readNumber(from);
  if (type !== AUTH_DENIED) throw new MalformedFrame(`auth type ${type} is not known`);
  return { type: "authDenied", reason: readText(from) };
}

function readExtension(from: decoding.Decoder): Incoming {
  const type = readNumber(from);
  switch (type) {
    case HELLO:
      return {
        type: "hello",
        lineage: readText(from),
        member: readText(from),
        role: readText(from),
      };
    case LINEAGE:
      return { type: "lineage", lineage: readText(from) };
    case ACK:
      return { type: "ack", updates: readNumber(from) };
    case DENIED:
      return {
        type: "denied",
        client: readOptionalClient(from),
        path: readText(from),
        reason: readText(from),
      };
    case READ_ONLY:
      return { type: "readOnly", reason: readText(from) };
    case WRITABLE:
      return { type: "writable" };
    default:
      throw new MalformedFrame(`extension type ${type} is not known`);
  }
}

function readOptionalClient(from: decoding.Decoder): number | null {
  const count = readNumber(from);
  if (count === 0) return null;
  if (count !== 1) throw new MalformedFrame("a refusal names one client id at most");
  return readNumber(from);
}

function readText(from: decoding.Decoder): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readBytes(from));
}

/** At most 2^53 - 1, in at most eight bytes; lib0 alone would read on. */
function readNumber(from: decoding.Decoder): number {
  const start = from.pos;
  const number = decoding.readVarUint(from);
  const isTooLong = from.pos - start > NUMBER_BYTES_MAX;
  if (isTooLong || !Number.isSafeInteger(number)) throw new MalformedFrame("a number is too large");
  return number;
}

/** lib0 reads past the end of its buffer without a word, so the length is checked here. */
function readBytes(from: decoding.Decoder): Uint8Array {
  const length = readNumber(from);
  if (length > from.arr.length - from.pos) throw new MalformedFrame("the frame is cut short");
  return decoding.readUint8Array(from, length);
}

const NUMBER_BYTES_MAX = 8;
const SYNC = 0;
const STEP1 = 0;
const STEP2 = 1;
const UPDATE = 2;
const AWARENESS = 1;
const AUTH = 2;
const AUTH_DENIED = 0;
const QUERY_AWARENESS = 3;
const EXTENSION = 80;
const HELLO = 0;
const LINEAGE = 1;
const ACK = 2;
const DENIED = 3;
const READ_ONLY = 4;
const WRITABLE = 5;
