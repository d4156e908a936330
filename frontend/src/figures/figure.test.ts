import { expect, test } from "vitest";
import { flat } from "./figure";

test("values of ratios are found by their path", () => {
  const read = { cases_url: "/x", group: { month: "2026-01" }, new: 3, clearance: { numerator: 1, denominator: 0, value: null } };
  expect(flat(read)).toEqual([
    ["new", 3],
    ["clearance_numerator", 1],
    ["clearance_denominator", 0],
    ["clearance_value", null],
  ]);
});
