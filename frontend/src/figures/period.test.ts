import { expect, test } from "vitest";
import { daysOf, fiscalYears, isPeriod, months } from "./period";

test("a month ends on its own last day", () => {
  expect(daysOf("2024-02")).toEqual({ from: "2024-02-01", to: "2024-02-29" });
});

test("a fiscal year is from July to June", () => {
  expect(daysOf("2025/2026")).toEqual({ from: "2025-07-01", to: "2026-06-30" });
  expect(fiscalYears("2026-06-30")[0]).toBe("2025/2026");
  expect(fiscalYears("2026-07-01")[0]).toBe("2026/2027");
});

test("months go back over the turn of the year", () => {
  expect(months("2026-01-15").slice(0, 2)).toEqual(["2026-01", "2025-12"]);
});

test("what is no period is not one", () => {
  expect(["2026-13", "2025/2027", "", undefined].filter(isPeriod)).toEqual([]);
});
