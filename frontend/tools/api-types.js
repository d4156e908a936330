// The types of the API, from its description on standard input, into src/api/schema.d.ts.
// Descriptions, examples and refusals are left out: every refusal is a Problem, and the rest is the
// documentation's. `--check` fails when the file is stale.
import console from "node:console";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import process from "node:process";
import { URL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const FILE = new URL("../src/api/schema.d.ts", import.meta.url);
const UNTYPED = new Set(["description", "summary", "example", "examples", "title"]);

/** A copy without what types do not say; the names in `properties` are names, whatever they are. */
function typed(node, named = false) {
  if (Array.isArray(node)) return node.map((each) => typed(each));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key]) => named || !UNTYPED.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, typed(value, key === "properties" && !named)]));
}

function withoutRefusals(operation) {
  if (!operation.responses) return operation;
  const kept = Object.entries(operation.responses).filter(([status]) => status < "400");
  return { ...operation, responses: Object.fromEntries(kept) };
}

const document = typed(JSON.parse(await text(process.stdin)));
for (const path of Object.values(document.paths)) {
  for (const [method, operation] of Object.entries(path)) path[method] = withoutRefusals(operation);
}
delete document.components.examples;
delete document.components.securitySchemes;
document.info = { title: "Masijala", version: "1" };

// What a body leaves out has its default: without the option it would have to be sent.
const generated = `// Made by \`make frontend-types\` from the API's description.\n${astToString(
  await openapiTS(document, { defaultNonNullable: false, silent: true }),
)}`;
if (!process.argv.includes("--check")) {
  await writeFile(FILE, generated);
} else if ((await readFile(FILE, "utf8").catch(() => "")) !== generated) {
  console.error("frontend/src/api/schema.d.ts is stale: run `make frontend-types`");
  process.exit(1);
}
