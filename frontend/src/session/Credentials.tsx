import { Button, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fieldsOf, secret, text, useForm } from "../parts/form";
import { PasswordField } from "../parts/password";
import { Failure } from "../parts/states";
import { Directories } from "./Directories";
import { PASSKEYS, signIn, signInByPasskey, type Step } from "./signIn";

interface Props {
  next: (step: Step | null) => void;
  /** The page that was wanted. */
  back: string;
}

export function Credentials({ next, back }: Props) {
  const { t } = useTranslation("session");
  const form = useForm((data) => signIn(text(data, "email"), secret(data, "password")), next);
  const passkey = useMutation({ mutationFn: signInByPasskey, onSuccess: next });
  const errors = fieldsOf(form.error);
  return (
    <form onSubmit={form.submit} noValidate>
      <Title order={2} size="h3" mb="sm">{t("title")}</Title>
      {form.error && <Failure error={form.error} />}
      <TextInput name="email" type="email" label={t("email")} autoComplete="username" error={errors.email} required autoFocus />
      <PasswordField name="password" label={t("password")} autoComplete="current-password" error={errors.password} required mt="sm" />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("submit")}</Button>
      <Button variant="subtle" fullWidth mt="sm" onClick={() => { next({ kind: "forgotten" }); }}>{t("forgotten.title")}</Button>
      {PASSKEYS && (
        <Button variant="default" fullWidth mt="sm" loading={passkey.isPending} onClick={() => { passkey.mutate(); }}>
          {t("passkey")}
        </Button>
      )}
      {passkey.error && <Failure error={passkey.error} />}
      {isSecureContext && <Directories back={back} />}
    </form>
  );
}
