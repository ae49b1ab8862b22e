// The shell against a small server in the test: real frames, real documents, no network.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { Connection, type Hooks } from "../src/sync/connection";

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket | null = null;
  readyState = 0;
  binaryType = "";
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((close: { code: number; reason: string }) => void) | null = null;
  readonly sent: Uint8Array[] = [];

  constructor(readonly url: string) {
    FakeSocket.last = this;
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  receive(...parts: (number | string | Uint8Array)[]): void {
    const out = encoding.createEncoder();
    for (const part of parts) {
      if (typeof part === "number") encoding.writeVarUint(out, part);
      else if (typeof part === "string") encoding.writeVarString(out, part);
      else encoding.writeVarUint8Array(out, part);
    }
    this.onmessage?.({ data: encoding.toUint8Array(out).slice().buffer });
  }
}

/** The payloads of the sync frames of one kind that were sent. */
function syncFrames(socket: FakeSocket, kind: number): Uint8Array[] {
  return socket.sent.flatMap((bytes) => {
    const from = decoding.createDecoder(bytes);
    const isKind = decoding.readVarUint(from) === 0 && decoding.readVarUint(from) === kind;
    return isKind ? [decoding.readVarUint8Array(from)] : [];
  });
}

const calls: string[] = [];
const hooks: Hooks = {
  heldLineage: () => "one",
  welcome: (lineage) => calls.push(`welcome ${lineage}`),
  denied: (path, reason) => calls.push(`denied ${path} ${reason}`),
  otherHistory: () => calls.push("other history"),
  saved: () => calls.push("saved"),
};

function connect(): { connection: Connection; doc: Y.Doc; socket: FakeSocket } {
  const doc = new Y.Doc();
  const connection = new Connection("ws://here/sync/w", doc, new Awareness(doc), hooks);
  connection.start();
  const socket = FakeSocket.last;
  if (!socket) throw new Error("no socket was opened");
  return { connection, doc, socket };
}

beforeEach(() => {
  calls.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("SYN10 it names the history it holds before its step1", () => {
  const { connection, socket } = connect();
  socket.open();
  const types = socket.sent.map((bytes) => [...bytes.slice(0, 2)]);
  expect(types[0]).toEqual([80, 1]);
  expect(types[1]).toEqual([0, 0]);
  connection.close();
});

test("SYN1 edits of both sides arrive, and Saved waits for the acknowledgement", () => {
  const { connection, doc, socket } = connect();
  const server = new Y.Doc();
  server.getText("notes").insert(0, "from the server");
  socket.open();
  socket.receive(80, 0, "one", "mara", "editor");
  socket.receive(0, 0, Y.encodeStateVector(server));
  socket.receive(0, 1, Y.encodeStateAsUpdate(server));
  expect(doc.getText("notes").toString()).toBe("from the server");

  doc.getText("notes").insert(0, "mine, ");
  for (const update of [...syncFrames(socket, 1), ...syncFrames(socket, 2)]) {
    Y.applyUpdate(server, update);
  }
  expect(server.getText("notes").toString()).toBe("mine, from the server");
  expect(connection.state.unsaved).toBe(1);
  socket.receive(80, 2, 2);
  expect(connection.state.unsaved).toBe(0);
  expect(calls).toEqual(["welcome one", "saved"]);
  connection.close();
});

test("SYN14 edits made while the connection is away arrive after it is back", () => {
  const { connection, doc, socket } = connect();
  const server = new Y.Doc();
  socket.open();
  socket.receive(0, 0, Y.encodeStateVector(server));
  socket.receive(0, 1, Y.encodeStateAsUpdate(server));
  socket.receive(80, 2, 1);
  socket.onclose?.({ code: 1006, reason: "" });
  doc.getText("notes").insert(0, "written offline");
  expect(connection.state.unsaved).toBe(1);
  vi.advanceTimersByTime(1000);
  const again = FakeSocket.last;
  expect(again).not.toBe(socket);
  again?.open();
  again?.receive(0, 0, Y.encodeStateVector(server));
  for (const update of again ? syncFrames(again, 1) : []) Y.applyUpdate(server, update);
  expect(server.getText("notes").toString()).toBe("written offline");
  connection.close();
});

test("GATE a refused edit is told with its place and reason", () => {
  const { connection, socket } = connect();
  socket.open();
  socket.receive(80, 3, 0, "plan/goal", "Ask for the editor role");
  expect(calls).toEqual(["denied plan/goal Ask for the editor role"]);
  connection.close();
});

test("SYN2 bytes that cannot be read end the connection, and it comes back", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { connection, socket } = connect();
  socket.open();
  socket.receive(99);
  expect(connection.state.link.kind).toBe("waiting");
  vi.advanceTimersByTime(1000);
  expect(FakeSocket.last).not.toBe(socket);
  connection.close();
});

test("SYN14 a closed connection stays closed", () => {
  const { connection, socket } = connect();
  socket.open();
  connection.close();
  connection.close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.last).toBe(socket);
});
