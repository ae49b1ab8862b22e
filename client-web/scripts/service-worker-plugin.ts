// Builds src/offline/service-worker.ts to /sw.js and gives it the list of files to keep.
// Only what a reload while offline needs is kept: the page, its code and the Latin fonts.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { transformWithOxc, type Plugin } from "vite";

const SOURCE = new URL("../src/offline/service-worker.ts", import.meta.url);
const KEPT = /\.(js|css)$|-latin-(wght|standard)-[a-z]+.*\.woff2$/;

export function serviceWorker(): Plugin {
  return {
    name: "penhold-service-worker",
    apply: "build",
    async generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => KEPT.test(name))
        .sort();
      const kept = ["/", "/theme.js", "/icon.svg", ...files.map((name) => `/${name}`)];
      const version = createHash("sha256").update(kept.join("\n")).digest("hex").slice(0, 12);
      const { code } = await transformWithOxc(await readFile(SOURCE, "utf8"), "service-worker.ts");
      const source = code
        .replace("__VERSION__", JSON.stringify(version))
        .replace("__KEPT__", JSON.stringify(kept));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
