import { Alert, Button, NativeSelect, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "../api/client";
import { choices, useCourts } from "../api/vocabulary";
import { today } from "../parts/dates";
import { fieldsOf, text, useForm } from "../parts/form";
import { Failure } from "../parts/states";
import type { FormProps } from "./Actions";

/** To another court: done at once by who administers both, else proposed to an administrator there. */
export function Transfer({ shown, done }: FormProps) {
  const { t } = useTranslation("case");
  const courts = useCourts().filter(({ id }) => id !== shown.court.id);
  const [key] = useState(() => crypto.randomUUID());
  const [proposed, setProposed] = useState(false);
  const form = useForm(
    async (data) => {
      const body = { to_court_id: text(data, "court"), transferred_on: text(data, "on"), reason: text(data, "reason") };
      const params = { path: { case_id: shown.id }, header: once(key) };
      return (await api.POST("/api/v1/cases/{case_id}/transfer", { params, body })).response.status === 202;
    },
    (asProposal) => { if (asProposal) setProposed(true); else done(); },
  );
  const errors = fieldsOf(form.error);
  if (proposed) return <Alert color="green" role="status" title={t("proposed.title")}>{t("proposed.text")}</Alert>;
  return (
    <form onSubmit={form.submit}>
      <Text size="sm">{t("transferText")}</Text>
      <NativeSelect name="court" label={t("fact.court")} data={choices(courts, ({ name }) => name)} error={errors.to_court_id} required mt="sm" />
      <TextInput name="on" type="date" label={t("transferredOn")} defaultValue={today()} error={errors.transferred_on} required mt="sm" />
      <Textarea name="reason" label={t("reason")} error={errors.reason} required mt="sm" />
      {form.error && <Failure error={form.error} />}
      <Button type="submit" mt="md" loading={form.pending}>{t("action.transfer")}</Button>
    </form>
  );
}
