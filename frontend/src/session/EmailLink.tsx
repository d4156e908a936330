import { Alert, Anchor, Button, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { Failure } from "../parts/states";
import { Guest } from "./Guest";
import { linkToken } from "./links";

export function ConfirmEmail() {
  return <EmailLink purpose="confirm" />;
}

export function UndoEmail() {
  return <EmailLink purpose="undo" />;
}

/** Where the letters about a change of an address lead. A button, as mail programs open links too. */
function EmailLink({ purpose }: { purpose: "confirm" | "undo" }) {
  const { t } = useTranslation("session");
  const sending = useMutation({
    mutationFn: () => api.POST(`/api/v1/auth/email/${purpose}`, { body: { token: linkToken() } }),
  });
  const title = t(`email-${purpose}.title`);
  return (
    <Guest title={title}>
      <Title order={2} size="h3">{title}</Title>
      {sending.isSuccess ? (
        <Alert color="green" role="status">{t(`email-${purpose}.done`)}</Alert>
      ) : (
        <>
          <Text>{t(`email-${purpose}.text`)}</Text>
          {sending.error && <Failure error={sending.error} />}
          <Button loading={sending.isPending} onClick={() => { sending.mutate(); }}>{title}</Button>
        </>
      )}
      <Anchor component={Link} to="/">{t("toConsole")}</Anchor>
    </Guest>
  );
}
