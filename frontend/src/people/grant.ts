/** A role at one court, at those of a group, or at all, between two days. */
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { choices, useCourts } from "../api/vocabulary";
import { addDays, startOf } from "../parts/dates";
import type { Field } from "../parts/fields";
import type { Body } from "../parts/values";
import { useGroups } from "./groups";
import { ROLES } from "./route";

const ALL = "*";
const GROUP = "group:";

/** A role, and where. */
export function usePlaceFields(of: readonly Schemas["CourtGroupRead"][] = []): readonly Field[] {
  const { t } = useTranslation("people");
  const named = ({ name }: { name: string }) => name;
  const groups = choices(of, named).map(({ value, label }) => ({ value: GROUP + value, label }));
  const courts = choices(useCourts(), named);
  const places = [
    { value: ALL, label: t("grants.all") },
    ...(groups.length > 0 ? [{ group: t("groups.title"), items: groups }] : []),
    { group: t("grants.courts"), items: courts },
  ];
  return [
    { name: "role", label: t("grants.role"), kind: "select", data: ROLES.map((value) => ({ value, label: t(`role.${value}`) })), required: true },
    { name: "where", label: t("grants.court"), kind: "select", data: places, required: true },
  ];
}

export function useGrantFields(): readonly Field[] {
  const { t } = useTranslation("people");
  return [
    ...usePlaceFields(useGroups()),
    { name: "begins_on", label: t("grants.begins"), kind: "date", help: t("grants.beginsHelp") },
    { name: "ends_on", label: t("grants.ends"), kind: "date", help: t("grants.endsHelp") },
  ];
}

export function grantOf({ role, where, begins_on, ends_on }: Body): Schemas["GrantCreate"] {
  return { role: role as Schemas["Role"], ...placeOf(where), begins_at: begins_on ? startOf(String(begins_on)) : null, expires_at: endOf(ends_on) };
}

export function placeOf(where: Body[string] | undefined): Pick<Schemas["GrantCreate"], "courts" | "group_id"> {
  const place = String(where);
  return place.startsWith(GROUP) ? { group_id: place.slice(GROUP.length) } : { courts: place === ALL ? ALL : [place] };
}

/** Where a role is given, in words. */
export function usePlace({ courts, group_id }: Pick<Schemas["UserGrantRead"], "courts"> & { group_id?: string | null }): string {
  const { t } = useTranslation("people");
  const known = useCourts(true);
  const groups = useGroups();
  if (courts === "*") return t("grants.all");
  const group = groups.find(({ id }) => id === group_id)?.name;
  return group ?? courts.map((id) => known.find((court) => court.id === id)?.name ?? id).join(", ");
}

/** The last day counts whole. */
export function endOf(day: Body[string] | undefined): string | null {
  return day ? startOf(addDays(String(day), 1)) : null;
}

/** Whether a grant is over or has not begun. */
export function inForce({ begins_at, expires_at }: Schemas["UserGrantRead"], now = Date.now()): "over" | "later" | null {
  if (expires_at !== null && Date.parse(expires_at) <= now) return "over";
  return begins_at !== null && Date.parse(begins_at) > now ? "later" : null;
}
