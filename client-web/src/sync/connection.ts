// The shell around the state machine: a WebSocket, a timer and the document. It decides nothing.
import { readable, type Readable } from "svelte/store";
import * as awarenessProtocol from "y-protocols/awareness";
import * as Y from "yjs";
import { decode, encode, type Outgoing } from "./frames";
import { initial, step, type Effect, type Event, type State } from "./machine";

export interface Hooks {
  /** The history that this device's copy belongs to, if there is a copy. */
  heldLineage: () => string | null;
  welcome: (lineage: string, member: string, role: string) => void;
  denied: (path: string, reason: string) => void;
  otherHistory: () => void;
  saved: () => void;
}

export class Connection {
  #state: State = initial;
  #socket: WebSocket | null = null;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly url: string,
    readonly doc: Y.Doc,
    readonly awareness: awarenessProtocol.Awareness,
    readonly hooks: Hooks,
  ) {}

  get state(): State {
    return this.#state;
  }

  /** The state, again whenever it changed and at each tick, because what is shown ages. */
  readonly states: Readable<State> = readable<State>(initial, (set) => {
    const tell = () => set(this.#state);
    tell();
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  });

  /** From here on every change of the document is an edit to send. Call it once. */
  start(): void {
    this.doc.on("update", this.#onUpdate);
    this.awareness.on("update", this.#onPresence);
    addEventListener("online", this.#onOnline);
    this.#timer = setInterval(() => this.#dispatch({ type: "tick", nowMs: Date.now() }), TICK_MS);
    this.#dispatch({ type: "start", nowMs: Date.now() });
  }

  /** Call it before `start`, once the copy on this device is loaded. */
  restored(unsaved: number): void {
    this.#dispatch({ type: "restored", unsaved, nowMs: Date.now() });
  }

  close(): void {
    clearInterval(this.#timer);
    removeEventListener("online", this.#onOnline);
    this.doc.off("update", this.#onUpdate);
    this.awareness.off("update", this.#onPresence);
    this.#listeners.clear();
    this.#hangUp();
  }

  #dispatch(event: Event): void {
    const [state, effects] = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    for (const tell of this.#listeners) tell();
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "connect":
        return this.#connect();
      case "drop":
        return this.#lost(1006, "no answer");
      case "greet":
        return this.#greet();
      case "answer": {
        const update = Y.encodeStateAsUpdate(this.doc, effect.stateVector);
        return this.#send({ type: "step2", update });
      }
      case "apply":
        return Y.applyUpdate(this.doc, effect.update, this);
      case "sendUpdate":
        return this.#send({ type: "update", update: effect.update });
      case "applyPresence":
        return awarenessProtocol.applyAwarenessUpdate(this.awareness, effect.payload, this);
      case "renewPresence":
        return this.awareness.setLocalState(this.awareness.getLocalState());
      case "sendPresence":
        return this.#sendPresence([this.awareness.clientID]);
      case "forgetPresence":
        return this.#forgetPresence();
      case "welcome":
        return this.hooks.welcome(effect.lineage, effect.member, effect.role);
      case "denied":
        return this.hooks.denied(effect.path, effect.reason);
      case "otherHistory":
        return this.hooks.otherHistory();
      case "saved":
        return this.hooks.saved();
    }
  }

  #connect(): void {
    this.#hangUp();
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#dispatch({ type: "opened", nowMs: Date.now() });
    socket.onmessage = (message: MessageEvent<unknown>) => this.#receive(message.data);
    socket.onclose = ({ code, reason }) => this.#lost(code, reason);
    this.#socket = socket;
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    try {
      const frame = decode(new Uint8Array(data));
      this.#dispatch({ type: "frame", frame, nowMs: Date.now() });
    } catch (error) {
      console.error("Penhold: the server sent what cannot be read", error);
      this.#lost(1002, "unreadable");
    }
  }

  #greet(): void {
    const lineage = this.hooks.heldLineage();
    if (lineage !== null) this.#send({ type: "lineage", lineage });
    this.#send({ type: "step1", stateVector: Y.encodeStateVector(this.doc) });
  }

  #send(frame: Outgoing): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encode(frame));
  }

  #sendPresence(clients: number[]): void {
    if (this.awareness.getLocalState() === null) return;
    const payload = awarenessProtocol.encodeAwarenessUpdate(this.awareness, clients);
    this.#send({ type: "awareness", payload });
  }

  #forgetPresence(): void {
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID);
    awarenessProtocol.removeAwarenessStates(this.awareness, others, this);
  }

  #lost(code: number, reason: string): void {
    this.#hangUp();
    this.#dispatch({ type: "closed", code, reason, nowMs: Date.now(), random: Math.random() });
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    this.#dispatch({ type: "edited", update, nowMs: Date.now() });
  };

  readonly #onPresence = (
    { added, updated, removed }: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ): void => {
    const own = this.doc.clientID;
    if (origin !== this && [...added, ...updated, ...removed].includes(own)) {
      this.#sendPresence([own]);
    }
  };

  readonly #onOnline = (): void => this.#dispatch({ type: "online", nowMs: Date.now() });
}

const TICK_MS = 250;
