/** Periods of figures: a month (`2026-03`), or a fiscal year from 1 July (`2025/2026`). */
import { today } from "../parts/dates";

const FIRST_MONTH = 7;
const MONTHS = 24;
const YEARS = 6;

interface Days {
  from: string;
  to: string;
}

const two = (value: number) => String(value).padStart(2, "0");

export function isMonth(value: unknown): value is string {
  return typeof value === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(value);
}

export function isPeriod(value: unknown): value is string {
  if (isMonth(value)) return true;
  const years = typeof value === "string" ? /^(\d{4})\/(\d{4})$/.exec(value) : null;
  return years !== null && Number(years[2]) === Number(years[1]) + 1;
}

export function daysOf(period: string): Days {
  const year = Number(period.slice(0, 4));
  if (!isMonth(period)) return { from: `${year}-07-01`, to: `${year + 1}-06-30` };
  const last = new Date(Date.UTC(year, Number(period.slice(5)), 0)).getUTCDate();
  return { from: `${period}-01`, to: `${period}-${two(last)}` };
}

/** This fiscal year and those before it. */
export function fiscalYears(day = today()): string[] {
  const [year = 0, month = 0] = day.split("-").map(Number);
  const begun = month >= FIRST_MONTH ? year : year - 1;
  return Array.from({ length: YEARS }, (_, back) => `${begun - back}/${begun - back + 1}`);
}

/** This month and those before it. */
export function months(day = today()): string[] {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return Array.from({ length: MONTHS }, (_, back) => {
    const at = new Date(Date.UTC(year, month - 1 - back, 1));
    return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}`;
  });
}
