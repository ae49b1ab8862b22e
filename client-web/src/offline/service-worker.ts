// Keeps the page itself on this device, so that a reload works while offline.
// It never touches the API or the live connection: documents live in IndexedDB.
declare const __VERSION__: string;
declare const __KEPT__: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `penhold-${__VERSION__}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(__KEPT__))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldCaches().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && !url.pathname.startsWith("/api/")) {
    event.respondWith(fetch(request).catch(() => fromCache("/")));
  } else if (url.pathname.startsWith("/assets/") || url.pathname === "/theme.js") {
    event.respondWith(fromCache(request));
  }
});

async function fromCache(request: Request | string): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("penhold-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}
