/** What may be entered of each kind when it is added, and what may be changed later. */
import { useTranslation } from "react-i18next";
import { choices, useActivityTypes, useCategories, useCourts } from "../api/vocabulary";
import type { Field } from "../parts/fields";
import type texts from "./en.json";
import type { Kind } from "./kinds";

const COURT_TYPES = ["SC", "COA", "HC", "ELRC", "ELC", "MC", "KC", "SCC", "TC"] as const;
const CADRES = ["judge", "magistrate", "kadhi", "adjudicator", "registrar", "tribunal_member"] as const;
const EFFECTS = ["none", "register", "adjourn", "reserve", "deliver", "dispose", "transfer_out", "inactivate", "reactivate", "reopen"] as const;
const CAUSES = ["court", "party", "advocate", "prosecution", "witness", "external"] as const;

interface Forms {
  add: readonly Field[];
  change: readonly Field[];
}

export function useFields(kind: Kind): Forms {
  const { t } = useTranslation("approvals");
  const named = ({ name }: { name: string }) => name;
  const courts = choices(useCourts(), named);
  const categories = choices(useCategories(), named);
  const activities = choices(useActivityTypes(), ({ label }) => label);
  const field = (name: keyof (typeof texts)["field"], more: Partial<Field> = {}): Field => ({ name, label: t(`field.${name}`), ...more });
  const end = field("valid_to", { kind: "date", help: t("field.endHelp") });
  const begin = field("valid_from", { kind: "date" });
  const label = field("label", { required: true });
  const name = field("name", { required: true });
  const place = [field("station", { required: true }), field("division"), field("county"), field("parent_id", { kind: "select", data: courts })];
  const person = [
    field("surname", { required: true }),
    field("given_names"),
    field("cadre", { kind: "select", required: true, data: CADRES.map((value) => ({ value, label: t(`cadre.${value}`) })) }),
    field("pj_number"),
  ];
  const types = COURT_TYPES.map((value) => ({ value, label: t(`courtType.${value}`) }));
  const effects = EFFECTS.map((value) => ({ value, label: t(`effect.${value}`) }));
  const causes = CAUSES.map((value) => ({ value, label: t(`cause.${value}`) }));
  const code = field("code", { required: true });
  return {
    courts: { add: [code, name, field("court_type", { kind: "select", required: true, data: types }), ...place, begin, end], change: [name, ...place, end] },
    judges: { add: person, change: person },
    types: { add: [code, name, field("category_id", { kind: "select", required: true, data: categories })], change: [name] },
    activities: { add: [label, field("counts_as_hearing", { kind: "yes", required: true }), field("adjournable", { kind: "yes", required: true }), begin, end], change: [end] },
    outcomes: {
      add: [label, field("effect", { kind: "select", required: true, data: effects }), field("on_merits", { kind: "yes" }), field("sets_down_for_id", { kind: "select", data: activities }), begin, end],
      change: [end],
    },
    reasons: { add: [label, field("cause", { kind: "select", required: true, data: causes })], change: [label] },
  }[kind];
}
