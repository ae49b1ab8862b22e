// Writes the types in src/generated from what describes the server: the JSON Schema of a workspace,
// and the OpenAPI document of its API. With --check it writes nothing and fails if a file is not
// what it would write.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";
import openapiTS, { astToString } from "openapi-typescript";

const SCHEMA = "crdt-schema/schema/workspace.schema.json";
const API = "server/openapi.json";
const TYPES = { "workspace.ts": ofWorkspace, "api.ts": ofApi };

async function ofWorkspace() {
  return compile(await read(SCHEMA), "Workspace", {
    additionalProperties: false,
    bannerComment: bannerOf(SCHEMA),
    style: { printWidth: 100 },
  });
}

async function ofApi() {
  const api = await read(API);
  const entries = Object.entries(api.paths).map(([path, operations]) => [
    path.replace(/^\/api\/v1/, ""),
    operations,
  ]);
  api.paths = Object.fromEntries(entries);
  for (const operation of entries.flatMap(([, operations]) => Object.values(operations))) {
    // Without a name of its own, an operation is described where its path is.
    delete operation.operationId;
    for (const [status, { content }] of Object.entries(operation.responses)) {
      // Every refusal is a problem.
      if (!(Number(status) < 400)) delete operation.responses[status];
      for (const answer of Object.values(content ?? {})) delete answer.example;
    }
  }
  const types = await openapiTS(api, { defaultNonNullable: false });
  return `${bannerOf(API)}\n\n${astToString(types)}`;
}

function bannerOf(source) {
  return `// Generated from ${source} by \`npm run types\`. Do not edit.`;
}

async function read(path) {
  return JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), "utf8"));
}

let isStale = false;
for (const [name, generate] of Object.entries(TYPES)) {
  const file = new URL(`../src/generated/${name}`, import.meta.url);
  const generated = await generate();
  if (!process.argv.includes("--check")) await writeFile(file, generated);
  else if ((await readFile(file, "utf8").catch(() => "")) !== generated) {
    console.error(`src/generated/${name} is stale: run \`npm run types\` and commit it.`);
    isStale = true;
  }
}
process.exit(isStale ? 1 : 0);
