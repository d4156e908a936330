/** Names of reference data, for values that the API gives by ID. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { choices, useActivityTypes, useCaseTypes, useCourts, useJudges, useOutcomes, useReasons } from "../api/vocabulary";
import { isDay, useDates } from "./dates";

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

type Kind = Schemas["AliasKind"];
type Choice = ReturnType<typeof choices>[number];

/** Every entry by kind, as choices of a select; with `all` also those that are out of use. */
export function useEntries(all = false): Readonly<Record<Kind, readonly Choice[]>> {
  const name = (row: { name: string }) => row.name;
  const label = (row: { label: string }) => row.label;
  return {
    court: choices(useCourts(all), name),
    judge: choices(useJudges(all), (judge) => judge.display_name),
    case_type: choices(useCaseTypes(all), name),
    outcome: choices(useOutcomes(all), label),
    activity_type: choices(useActivityTypes(all), label),
    reason: choices(useReasons(all), label),
  };
}

/** What a spelling may mean: the likeliest entries first, then all others. */
export function useMeanings(kind: Kind, candidates: readonly Schemas["CandidateRead"][]): readonly Choice[] {
  const likely = candidates.map(({ target_id, name }) => ({ value: target_id, label: name }));
  const others = useEntries()[kind].filter(({ value }) => !likely.some((each) => each.value === value));
  return [...likely, ...others];
}

/** Writes a value of any field: an ID as the name of its entry, a day as one reads it. */
export function useWritten(): (value: unknown) => string {
  const { t } = useTranslation("parts");
  const { day, moment } = useDates();
  const names = new Map(Object.values(useEntries(true)).flat().map(({ value, label }) => [value, label]));
  const written = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return "–";
    if (Array.isArray(value)) return value.map(written).join(", ") || "–";
    if (typeof value === "object") return Object.entries(value).map(([key, each]) => `${fieldName(key)}: ${written(each)}`).join(", ");
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (isDay(value)) return day(value);
    if (typeof value === "string" && MOMENT.test(value)) return moment(value);
    return typeof value === "string" ? (names.get(value) ?? value) : JSON.stringify(value);
  };
  return written;
}

/** The name of a field as words. */
export function fieldName(name: string): string {
  return name.replace(/_ids?$/, "").replaceAll("_", " ");
}
