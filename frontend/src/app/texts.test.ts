import { expect, test } from "vitest";

type Texts = { [key: string]: string | Texts };

function keys(texts: Texts, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : keys(value, `${prefix}${key}.`),
  );
}

const english = import.meta.glob<Texts>("/src/*/en.json", { eager: true, import: "default" });
const swahili = import.meta.glob<Texts>("/src/*/sw.json", { eager: true, import: "default" });

test.each(Object.keys(english))("%s says everything in Swahili too", (path) => {
  const other = swahili[path.replace("en.json", "sw.json")];
  // Plurals are written alike in both languages: _one and _other.
  expect(keys(other ?? {}).sort()).toEqual(keys(english[path] ?? {}).sort());
});
