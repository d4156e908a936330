import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fieldsOf, text, useForm } from "../parts/form";
import { Failure, Shown } from "../parts/states";
import { Secret } from "../session/Secret";
import { beginApp, confirmApp } from "./factors";

/** An authenticator app: its secret, then the code that it shows. */
export function NewApp({ done }: { done: (codes: readonly string[] | null) => void }) {
  const { t } = useTranslation("account");
  const secret = useQuery({ queryKey: ["new-app"], queryFn: () => beginApp(t("factors.app")), staleTime: Infinity, gcTime: 0 });
  const form = useForm((data) => confirmApp(text(data, "code")), (added) => { done(added.recovery_codes); });
  return (
    <Shown query={secret}>
      {(made) => (
        <form onSubmit={form.submit}>
          <Stack gap="xs">
            <Text size="sm">{t("factors.secret")}</Text>
            <Secret made={made} />
            {form.error && <Failure error={form.error} />}
            <TextInput name="code" label={t("factors.code")} inputMode="numeric" autoComplete="one-time-code" error={fieldsOf(form.error).code} required />
            <Button type="submit" loading={form.pending}>{t("factors.confirm")}</Button>
          </Stack>
        </form>
      )}
    </Shown>
  );
}
