/** Days as courts count them: YYYY-MM-DD in their own calendar, never moments in the browser's zone. */
import { useTranslation } from "react-i18next";

const ZONE = "Africa/Nairobi";
const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d{2}-\d{2}$/;

export function today(): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date());
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
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: ZONE });
  return {
    day: (value: string | null | undefined) => (value ? day.format(new Date(value)) : "–"),
    moment: (value: string) => moment.format(new Date(value)),
  };
}

/** The first moment of a day of the courts. */
export function startOf(day: string): string {
  return `${day}T00:00:00+03:00`;
}

/** The last whole day before a moment, in the courts' calendar. */
export function lastDay(moment: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE }).format(new Date(Date.parse(moment) - 1));
}
