import { expect, test } from "vitest";
import { changed } from "./values";

test("only what was changed is sent", () => {
  const read = { name: "Asha", courts: ["a", "b"], ends: null, version: 3 };
  expect(changed(read, { name: "Asha ", courts: ["b", "a"], ends: null })).toEqual({ courts: ["b", "a"] });
});

test("a field that was emptied is sent as nothing", () => {
  expect(changed({ name: "Asha" }, { name: " " })).toEqual({ name: null });
});
