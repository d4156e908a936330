/** The courts' time zone, as the API says it: that of the device may be another. */
import { BASE_URL } from "./address";
import { ProblemError } from "./problem";
import type { components } from "./schema";

type Calendar = components["schemas"]["CourtCalendarRead"];
const REMEMBERED = "masijala-time-zone";
let zone: string | undefined;

export function courtZone(): string {
  if (zone === undefined) throw new Error("the courts' time zone is not known yet");
  return zone;
}

export function setCourtZone(name: string): void {
  zone = name;
}

/** Before any day is shown. While core is unavailable the zone of the last visit serves; throws when there is none. */
export async function readCalendar(): Promise<void> {
  try {
    const { timezone } = await fetched();
    localStorage.setItem(REMEMBERED, timezone);
    setCourtZone(timezone);
  } catch (error) {
    const known = localStorage.getItem(REMEMBERED);
    if (known === null) throw error;
    setCourtZone(known);
  }
}

async function fetched(): Promise<Calendar> {
  const response = await fetch(`${BASE_URL}/api/v1/court-calendar`);
  if (!response.ok) throw await ProblemError.of(response);
  return (await response.json()) as Calendar;
}
