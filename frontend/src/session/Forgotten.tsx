import { Button, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { fieldsOf, text, useForm } from "../parts/form";
import { Failure } from "../parts/states";
import type { Step } from "./signIn";

/** Asks for a letter with a link; the answer is the same whether or not there is an account. */
export function Forgotten({ next }: { next: (step: Step) => void }) {
  const { t } = useTranslation("session");
  const form = useForm(
    (data) => api.POST("/api/v1/auth/password/forgot", { body: { email: text(data, "email") } }),
    () => { next({ kind: "credentials", note: "forgotten.done" }); },
  );
  return (
    <form onSubmit={form.submit} noValidate>
      <Title order={2} size="h3" mb="sm">{t("forgotten.title")}</Title>
      {form.error && <Failure error={form.error} />}
      <TextInput name="email" type="email" label={t("email")} autoComplete="username" error={fieldsOf(form.error).email} required autoFocus />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("forgotten.submit")}</Button>
    </form>
  );
}
