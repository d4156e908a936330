import { Button, Group, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { text, useForm } from "../parts/form";
import { Failure } from "../parts/states";
import { PASSKEYS, type Proof } from "./signIn";

interface Props<T> {
  methods: readonly string[];
  show: (proof: Proof) => Promise<T>;
  byPasskey?: () => Promise<T>;
  done: (result: T) => void;
}

/** A second factor of these methods, or a recovery code in its place. */
export function Factor<T>({ methods, show, byPasskey, done }: Props<T>) {
  const { t } = useTranslation("session");
  const [recovery, setRecovery] = useState(!methods.includes("totp"));
  const form = useForm((data) => {
    const value = text(data, "code");
    return show(recovery ? { recovery_code: value } : { code: value });
  }, done);
  const passkey = useMutation({ mutationFn: async () => byPasskey?.(), onSuccess: (result) => { if (result !== undefined) done(result); } });
  return (
    <form onSubmit={form.submit}>
      {form.error && <Failure error={form.error} />}
      {passkey.error && <Failure error={passkey.error} />}
      <TextInput
        key={String(recovery)}
        name="code"
        label={t(recovery ? "factor.recovery" : "factor.code")}
        inputMode={recovery ? "text" : "numeric"}
        autoComplete="one-time-code"
        required
        autoFocus
        data-autofocus
      />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("factor.submit")}</Button>
      <Group mt="sm" grow>
        {methods.includes("totp") && (
          <Button variant="subtle" onClick={() => { setRecovery(!recovery); }}>
            {t(recovery ? "factor.useCode" : "factor.useRecovery")}
          </Button>
        )}
        {byPasskey && PASSKEYS && (
          <Button variant="default" loading={passkey.isPending} onClick={() => { passkey.mutate(); }}>{t("factor.usePasskey")}</Button>
        )}
      </Group>
    </form>
  );
}
