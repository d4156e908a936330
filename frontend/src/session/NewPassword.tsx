import { Button, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { fieldsOf, secret, useForm } from "../parts/form";
import { PasswordField } from "../parts/password";
import { Failure } from "../parts/states";
import type { StepProps } from "./SignIn";
import { session } from "./store";

/** After a printed code was given as the password, or a link of a letter was followed. */
export function NewPassword({ step, next }: StepProps<"password">) {
  const { t } = useTranslation("session");
  const form = useForm(
    (data) => {
      const body = { token: step.token, new_password: secret(data, "password") };
      return api.POST("/api/v1/auth/password/reset", { body });
    },
    () => {
      session.end(); // as all sessions of the account have
      next({ kind: "credentials", note: "newPassword.done" });
    },
  );
  return (
    <form onSubmit={form.submit}>
      <Title order={2} size="h3" mb="sm">{t("newPassword.title")}</Title>
      {form.error && <Failure error={form.error} />}
      <PasswordField name="password" label={t("newPassword.password")} autoComplete="new-password" error={fieldsOf(form.error).new_password} required autoFocus />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("newPassword.submit")}</Button>
    </form>
  );
}
