/** Days as courts count them: YYYY-MM-DD in their own calendar, never moments in the browser's zone. */
import { useTranslation } from "react-i18next";
import { courtZone } from "../api/calendar";

const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d{2}-\d{2}$/;

export function today(): string {
  return dayAt(Date.now());
}

export function isDay(value: unknown): value is string {
  return typeof value === "string" && ISO.test(value) && !Number.isNaN(Date.parse(value));
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Writes days and moments in the language of the console. */
export function useDates() {
  const language = useTranslation().i18n.language === "sw" ? "sw-KE" : "en-GB";
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: courtZone() });
  return {
    day: (value: string | null | undefined) => (value ? day.format(new Date(value)) : "–"),
    moment: (value: string) => moment.format(new Date(value)),
  };
}

/** The first moment of a day of the courts. */
export function startOf(day: string): string {
  const midnight = Date.parse(day);
  // Where clocks change on that day, the offset before it or that after it is the one at its start.
  const starts = [midnight - DAY_MS, midnight + DAY_MS].map((around) => midnight - offsetAt(around));
  const first = starts.sort((one, other) => one - other).find((start) => dayAt(start) === day);
  return new Date(first ?? midnight).toISOString();
}

/** The last whole day before a moment, in the courts' calendar. */
export function lastDay(moment: string): string {
  return dayAt(Date.parse(moment) - 1);
}

function dayAt(moment: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: courtZone() }).format(moment);
}

/** How far the courts' clocks are ahead of UTC. */
function offsetAt(moment: number): number {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: courtZone(), dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${clock.format(moment).replace(" ", "T")}Z`) - moment;
}
