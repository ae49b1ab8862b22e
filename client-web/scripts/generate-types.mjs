// Writes src/generated/workspace.ts from the JSON Schema that the server's types are derived to.
// With --check it writes nothing and fails if the file is not what it would write.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const SCHEMA = new URL("../../crdt-schema/schema/workspace.schema.json", import.meta.url);
const TYPES = new URL("../src/generated/workspace.ts", import.meta.url);
const BANNER =
  "// Generated from crdt-schema/schema/workspace.schema.json by `npm run types`. Do not edit.";

const schema = JSON.parse(await readFile(SCHEMA, "utf8"));
const generated = await compile(schema, "Workspace", {
  additionalProperties: false,
  bannerComment: BANNER,
  style: { printWidth: 100 },
});

if (process.argv.includes("--check")) {
  const found = await readFile(TYPES, "utf8").catch(() => "");
  if (found !== generated) {
    console.error("src/generated/workspace.ts is stale: run `npm run types` and commit it.");
    process.exit(1);
  }
} else {
  await writeFile(TYPES, generated);
}
