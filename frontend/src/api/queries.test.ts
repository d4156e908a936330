import { describe, expect, it } from "vitest";
import { ProblemError } from "./problem";
import { worthATry } from "./queries";

describe("what is tried again", () => {
  it("is what may work the next time, twice", () => {
    const unavailable = new ProblemError(503, { code: "unavailable" });
    expect([0, 1, 2].map((count) => worthATry(count, unavailable))).toEqual([true, true, false]);
    expect(worthATry(0, new TypeError("no answer"))).toBe(true);
    expect(worthATry(0, new ProblemError(422, { code: "validation-failed" }))).toBe(false);
  });

  it("is a figure that is being counted, until it is", () => {
    expect(worthATry(50, new ProblemError(503, { code: "figure-being-counted" }))).toBe(true);
  });
});
