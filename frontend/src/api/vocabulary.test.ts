import { expect, test } from "vitest";
import { whole } from "./vocabulary";

test("a list is read to its last page", async () => {
  const pages: Partial<Record<string, { items: number[]; next_cursor: string | null }>> = {
    first: { items: [1, 2], next_cursor: "second" },
    second: { items: [3], next_cursor: null },
  };
  const read = await whole(({ cursor }) => Promise.resolve(pages[cursor ?? "first"] ?? { items: [], next_cursor: null }));
  expect(read).toEqual([1, 2, 3]);
});
