// Named limits of the connection. Times in milliseconds.

/** Presence is renewed this often, which also keeps the connection from looking dead. */
export const RENEW_MS = 15_000;

/** A server that said nothing for this long is taken for gone. */
export const SILENCE_MS_MAX = 33_000;

/** A connection that is not open by then is given up. */
export const CONNECT_MS_MAX = 10_000;

/** Upper bound of the first wait before a reconnect; it doubles with each failure. */
export const BACKOFF_FIRST_MS = 200;

/** Upper bound of every wait before a reconnect. */
export const BACKOFF_MS_MAX = 5_000;

/** Unsaved edits show as "Saving…" only after this, so that nothing flickers. */
export const SAVING_SHOWN_MS = 600;

/** Unsaved edits show as "Still saving…" after this. */
export const SLOW_SHOWN_MS = 5_000;

/** How long "Back online" stays. */
export const BACK_SHOWN_MS = 4_000;
