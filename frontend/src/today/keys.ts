/** Three keystrokes record a hearing: a digit for the outcome, one for the weeks, and Enter. */
import type { Schemas } from "../api/client";
import { addDays } from "../parts/dates";

type Outcome = Schemas["OutcomeRead"];
type Counts = Partial<Record<string, number>>;

const REMEMBERED = "masijala-outcomes";
const KEYS = 9;
// Before anything has been recorded here: what is said most in any court, one effect after the other.
const USUAL: readonly Outcome["effect"][] = ["adjourn", "none", "reserve", "deliver", "dispose", "inactivate"];

const LAST_TYPE = "masijala-activity-type";

/** What the hearing was set down for; where that is unknown, what was recorded last in this browser. */
export function typeOf(purpose: string | null, types: readonly { id: string }[]): string {
  const known = (id: string | null) => types.find((type) => type.id === id)?.id;
  return known(purpose) ?? known(localStorage.getItem(LAST_TYPE)) ?? "";
}

export function rememberType(id: string): void {
  localStorage.setItem(LAST_TYPE, id);
}

export function countUse(outcome: string): void {
  const counts = remembered();
  localStorage.setItem(REMEMBERED, JSON.stringify({ ...counts, [outcome]: (counts[outcome] ?? 0) + 1 }));
}

/** The outcomes of the keys 1 to 9: those used most in this browser, then the usual ones. */
export function keyed(outcomes: readonly Outcome[], counts: Counts = remembered()): readonly Outcome[] {
  const place = (outcome: Outcome) => {
    const same = outcomes.filter(({ effect }) => effect === outcome.effect).indexOf(outcome);
    const effect = USUAL.indexOf(outcome.effect);
    return same * USUAL.length + (effect < 0 ? USUAL.length * outcomes.length : effect);
  };
  return outcomes
    .toSorted((one, other) => (counts[other.id] ?? 0) - (counts[one.id] ?? 0) || place(one) - place(other))
    .slice(0, KEYS);
}

export interface Chosen {
  outcome: string;
  next: string;
  /** What the next digit is for. */
  step: "outcome" | "weeks";
}

/** The choice after this key; null when the key is not one of them. */
export function press(key: string, now: Chosen, outcomes: readonly Outcome[], on: string): Chosen | null {
  if (key === "Escape") return { outcome: "", next: "", step: "outcome" };
  if (!/^\d$/.test(key)) return null;
  if (now.step === "weeks") return { ...now, next: key === "0" ? "" : addDays(on, Number(key) * 7) };
  const outcome = outcomes[Number(key) - 1];
  return outcome ? { ...now, outcome: outcome.id, step: "weeks" } : null;
}

function remembered(): Counts {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}") as Counts;
  } catch {
    return {};
  }
}
