import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { serviceWorker } from "./scripts/service-worker-plugin.ts";

export default defineConfig({
  plugins: [svelte(), serviceWorker()],
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    // The page's policy forbids data: URLs, so nothing may be inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": "http://127.0.0.1:8787",
      "/sync": { target: "ws://127.0.0.1:8787", ws: true },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"], testTimeout: 30_000 },
});
