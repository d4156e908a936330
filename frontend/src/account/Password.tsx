import { Alert, Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { queries } from "../api/queries";
import { fieldsOf, secret, useForm } from "../parts/form";
import { PasswordField } from "../parts/password";
import { Failure } from "../parts/states";

export function Password() {
  const { t } = useTranslation("account");
  const [changes, setChanges] = useState(0);
  const form = useForm(
    (data) => {
      const body = { current_password: secret(data, "current"), new_password: secret(data, "new") };
      return api.POST("/api/v1/auth/password/change", { body });
    },
    () => {
      setChanges(changes + 1);
      void queries.invalidateQueries({ queryKey: ["sessions", "own"] });
    },
  );
  const fields = fieldsOf(form.error);
  return (
    <form key={changes} onSubmit={form.submit}>
      <Stack gap="xs" miw={280}>
        {changes > 0 && <Alert color="green" role="status">{t("password.done")}</Alert>}
        {form.error && <Failure error={form.error} />}
        <PasswordField name="current" label={t("password.current")} autoComplete="current-password" error={fields.current_password} required />
        <PasswordField name="new" label={t("password.new")} autoComplete="new-password" error={fields.new_password} required />
        <Button type="submit" variant="default" loading={form.pending}>{t("password.submit")}</Button>
      </Stack>
    </form>
  );
}
