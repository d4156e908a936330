import { Button, Modal, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { secret, useForm } from "../parts/form";
import { PasswordField } from "../parts/password";
import { Failure, Shown } from "../parts/states";
import { Factor } from "../session/Factor";
import { presence } from "../session/presence";
import { signIn } from "../session/signIn";
import { stepUp, stepUpByPasskey } from "../session/stepUp";
import { useUser } from "../session/store";
import { FACTORS, readFactors } from "./factors";

/** The question whether the user is there, over whatever page it has come from. */
export function Presence() {
  const { t } = useTranslation("account");
  const asked = useSyncExternalStore(presence.subscribe, presence.isAsked);
  return (
    <Modal opened={asked} onClose={() => { presence.answer(false); }} title={t("presence.title")} closeButtonProps={{ "aria-label": t("presence.close") }}>
      {asked && <Question />}
    </Modal>
  );
}

function Question() {
  const { t } = useTranslation("account");
  const query = useQuery({ queryKey: FACTORS, queryFn: readFactors });
  // Where the focus goes back to: the dialog itself may find it in its own field already.
  const [from] = useState(() => document.activeElement);
  useEffect(() => () => { if (from instanceof HTMLElement) from.focus(); }, [from]);
  const done = () => { presence.answer(true); };
  return (
    <Shown query={query}>
      {({ items }) => {
        const methods = items.map(({ kind }) => kind);
        if (methods.length === 0) return <Password done={done} />;
        return (
          <>
            <Text size="sm" mb="sm">{t("presence.factor")}</Text>
            <Factor methods={methods} show={stepUp} byPasskey={methods.includes("passkey") ? stepUpByPasskey : undefined} done={done} />
          </>
        );
      }}
    </Shown>
  );
}

/** Without a second factor, signing in again is what shows it. */
function Password({ done }: { done: () => void }) {
  const { t } = useTranslation("account");
  const { email } = useUser();
  const form = useForm((data) => signIn(email, secret(data, "password")), done);
  return (
    <form onSubmit={form.submit}>
      <Text size="sm">{t("presence.password")}</Text>
      {form.error && <Failure error={form.error} />}
      <PasswordField name="password" label={t("password.current")} autoComplete="current-password" required autoFocus data-autofocus mt="sm" />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("factors.confirm")}</Button>
    </form>
  );
}
