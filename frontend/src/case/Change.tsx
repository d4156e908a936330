import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, type Schemas } from "../api/client";
import { choices, useCaseTypes } from "../api/vocabulary";
import { EditForm } from "../parts/EditForm";
import type { Field } from "../parts/fields";
import type { FormProps } from "./Actions";

type Case = Schemas["CaseRead"];
const PARTIES = ["male_applicant", "female_applicant", "organization_applicant", "male_defendant", "female_defendant", "organization_defendant"] as const;

function valuesOf({ filed_on, case_type, parties, version }: Case) {
  return { filed_on, case_type_id: case_type.id, ...parties, version };
}

/** Facts of a case; when a colleague has changed them, theirs and these are shown side by side. */
export function Change({ shown, done }: FormProps) {
  const { t } = useTranslation("case");
  const types = choices(useCaseTypes(), ({ name }) => name);
  const newest = useRef(shown.parties);
  const path = { case_id: shown.id };
  const fields: readonly Field[] = [
    { name: "filed_on", label: t("fact.filedOn"), kind: "date", required: true },
    { name: "case_type_id", label: t("fact.caseType"), kind: "select", required: true, data: types },
    ...PARTIES.map((name) => ({ name, label: t(`party.${name}`), kind: "number" as const })),
  ];
  return (
    <EditForm
      fields={fields}
      start={valuesOf(shown)}
      read={async () => {
        const theirs = await answered(api.GET("/api/v1/cases/{case_id}", { params: { path } }));
        newest.current = theirs.parties;
        return valuesOf(theirs);
      }}
      save={({ filed_on, case_type_id, ...parties }, { version }) => {
        // The parties are one value of the API: those that were not changed go along.
        const counted = Object.keys(parties).length > 0 ? { parties: { ...newest.current, ...parties } } : {};
        const body = { filed_on, case_type_id, ...counted } as Schemas["CaseUpdate"];
        return api.PATCH("/api/v1/cases/{case_id}", { params: { path, header: ifMatch(version) }, body });
      }}
      done={done}
      submit={t("save")}
    />
  );
}
