import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setCourtZone } from "../api/calendar";
import { addDays, lastDay, startOf, today } from "./dates";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the courts' days", () => {
  it.each([
    ["Africa/Nairobi", "2026-06-01"],
    ["Pacific/Auckland", "2026-06-02"],
    ["America/New_York", "2026-06-01"],
    ["Pacific/Pago_Pago", "2026-06-01"],
  ])("are those of %s, wherever the device is", (zone, day) => {
    setCourtZone(zone);
    vi.setSystemTime("2026-06-01T12:30:00Z");
    expect(today()).toBe(day);
  });

  it.each([
    ["Africa/Nairobi", "2026-03-01", "2026-02-28T21:00:00.000Z"],
    ["UTC", "2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["Asia/Kathmandu", "2026-03-01", "2026-02-28T18:15:00.000Z"],
    // Clocks change later on that day.
    ["America/New_York", "2026-03-08", "2026-03-08T05:00:00.000Z"],
    ["America/New_York", "2026-03-09", "2026-03-09T04:00:00.000Z"],
    // It begins at one o'clock: clocks go forward at midnight.
    ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00.000Z"],
    // Clocks go back at midnight, to eleven o'clock of the day before.
    ["Asia/Beirut", "2026-10-25", "2026-10-24T22:00:00.000Z"],
  ])("begin when they do in %s", (zone, day, moment) => {
    setCourtZone(zone);
    expect(startOf(day)).toBe(moment);
    expect(lastDay(startOf(day))).toBe(addDays(day, -1));
    expect(lastDay(startOf(addDays(day, 1)))).toBe(day);
  });
});
