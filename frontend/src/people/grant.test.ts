import { expect, test } from "vitest";
import { setCourtZone } from "../api/calendar";
import { lastDay } from "../parts/dates";
import { endOf, grantOf } from "./grant";

setCourtZone("Africa/Nairobi");

test("a grant begins and ends with whole days of the courts", () => {
  const made = grantOf({ role: "viewer", where: "*", begins_on: "2026-03-01", ends_on: "2026-03-31" });
  expect(made).toEqual({ role: "viewer", courts: "*", begins_at: "2026-02-28T21:00:00.000Z", expires_at: "2026-03-31T21:00:00.000Z" });
});

test("a grant at a group names the group and no courts", () => {
  const made = grantOf({ role: "admin", where: "group:7", begins_on: null, ends_on: null });
  expect(made).toEqual({ role: "admin", group_id: "7", begins_at: null, expires_at: null });
});

test("the last day of a grant is shown as it was entered", () => {
  expect(lastDay(new Date(endOf("2026-03-31") ?? "").toISOString())).toBe("2026-03-31");
});
