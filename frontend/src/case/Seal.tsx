import { Button, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "../api/client";
import { fieldsOf, text, useForm } from "../parts/form";
import { Failure } from "../parts/states";
import type { FormProps } from "./Actions";

export function Seal({ shown, done }: FormProps) {
  const { t } = useTranslation("case");
  const [key] = useState(() => crypto.randomUUID());
  const form = useForm((data) => {
    const given = { params: { path: { case_id: shown.id }, header: once(key) }, body: { reason: text(data, "reason") } };
    return shown.sealed ? api.POST("/api/v1/cases/{case_id}/unseal", given) : api.POST("/api/v1/cases/{case_id}/seal", given);
  }, done);
  return (
    <form onSubmit={form.submit}>
      <Text size="sm">{t(shown.sealed ? "unsealText" : "sealText")}</Text>
      <Textarea name="reason" label={t("reason")} error={fieldsOf(form.error).reason} required data-autofocus mt="sm" />
      {form.error && <Failure error={form.error} />}
      <Button type="submit" mt="md" loading={form.pending}>{t(shown.sealed ? "action.unseal" : "action.seal")}</Button>
    </form>
  );
}
