import { Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once } from "../api/client";
import { choices, useCaseTypes, useOwnCourts } from "../api/vocabulary";
import { today } from "../parts/dates";
import { fieldsOf, optional, text, useForm } from "../parts/form";
import { Page } from "../parts/page";
import { Failure } from "../parts/states";

export function Register() {
  const { t } = useTranslation("case");
  const courts = useOwnCourts("data_entry", "admin");
  const types = useCaseTypes();
  const navigate = useNavigate();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const form = useForm(
    (data) => {
      const body = {
        court_id: text(data, "court"),
        caseid_type: text(data, "code").toUpperCase(),
        number: optional(data, "number"),
        filed_on: text(data, "filed_on"),
        case_type_id: text(data, "case_type"),
      };
      return answered(api.POST("/api/v1/cases", { params: { header: once(key) }, body }));
    },
    ({ id }) => void navigate({ to: "/cases/$caseId", params: { caseId: id } }),
  );
  const errors = fieldsOf(form.error);
  const name = ({ name }: { name: string }) => name;
  return (
    <Page title={t("register.title")}>
      {/* A key is for one body: what is changed after a refusal is another request. */}
      <form onSubmit={form.submit} onChange={() => { setKey(crypto.randomUUID()); }}>
        <Stack maw={420}>
          <NativeSelect name="court" label={t("fact.court")} data={choices(courts, name)} error={errors.court_id} required />
          <TextInput name="code" label={t("register.code")} description={t("register.codeHelp")} error={errors.caseid_type} required />
          <TextInput name="number" label={t("register.number")} description={t("register.numberHelp")} error={errors.number} />
          <TextInput name="filed_on" type="date" label={t("fact.filedOn")} defaultValue={today()} error={errors.filed_on} required />
          <NativeSelect name="case_type" label={t("fact.caseType")} data={choices(types, name)} error={errors.case_type_id} required />
          {form.error && <Failure error={form.error} />}
          <Button type="submit" loading={form.pending}>{t("register.submit")}</Button>
        </Stack>
      </form>
    </Page>
  );
}
