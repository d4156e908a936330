import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";

export function Facts({ shown }: { shown: Schemas["CaseRead"] }) {
  const { t } = useTranslation("case");
  const { day } = useDates();
  const { parties, original } = shown;
  const count = (...numbers: number[]) => String(numbers.reduce((sum, each) => sum + each, 0));
  const facts = [
    [t("fact.court"), shown.court.name],
    [t("fact.caseType"), shown.case_type.name],
    [t("fact.status"), `${t(`status.${shown.status}`)} · ${day(shown.status_since)}`],
    [t("fact.filedOn"), day(shown.filed_on)],
    [t("fact.nextHearing"), day(shown.next_hearing_on)],
    [t("fact.leadJudge"), shown.lead_judge?.display_name ?? "–"],
    [t("fact.applicants"), count(parties.male_applicant, parties.female_applicant, parties.organization_applicant)],
    [t("fact.defendants"), count(parties.male_defendant, parties.female_defendant, parties.organization_defendant)],
    [t("fact.custody"), String(shown.custody_count)],
    [t("fact.adjournments"), String(shown.adjournment_count)],
    ...(original ? [[t("fact.original"), [original.court, original.code, original.number, original.year].filter(Boolean).join(" ")]] : []),
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs">{name}</Text>
          <Text component="dd" m={0}>{value}</Text>
        </div>
      ))}
    </dl>
  );
}
