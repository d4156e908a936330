import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { Question } from "../parts/dialog";

interface Props {
  user: Schemas["UserRead"];
  done: () => unknown;
}

/** For a user whom no mail reaches: a code on paper, with what to do with it. */
export function OneTimeCode({ user, done }: Props) {
  const { t } = useTranslation("people");
  const issue = () => answered(api.POST("/api/v1/users/{user_id}/one-time-code", { params: { path: { user_id: user.id } } }));
  return (
    <Question
      label={t("code.issue")}
      text={t("code.text", { name: user.name })}
      act={issue}
      done={done}
      result={(made) => <Sheet user={user} made={made} />}
    />
  );
}

function Sheet({ user, made }: { user: Schemas["UserRead"]; made: Schemas["OneTimeCodeIssued"] }) {
  const { t } = useTranslation("people");
  const { moment } = useDates();
  return (
    <Stack className="print-alone" role="status" align="flex-start">
      <Title order={3}>{t("code.title", { name: user.name })}</Title>
      <Code block className="large">{made.code}</Code>
      <ol>
        <li>{t("code.open", { address: location.origin })}</li>
        <li>{t("code.enter", { email: user.email })}</li>
        <li>{t("code.set")}</li>
      </ol>
      <Text>{t("code.until", { at: moment(made.expires_at) })}</Text>
      <Text size="sm" className="no-print">{t("code.once")}</Text>
      <Button className="no-print" onClick={() => { window.print(); }}>{t("code.print")}</Button>
    </Stack>
  );
}
