import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useActing } from "../parts/acting";
import { Opener, Question } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { Failure } from "../parts/states";
import { OneTimeCode } from "./OneTimeCode";

type User = Schemas["UserRead"];
const renew = () => queries.invalidateQueries({ queryKey: ["users"] });

/** Name and address, and the ways to help someone who cannot sign in, or must not any more. */
export function UserActions({ user }: { user: User }) {
  const { t } = useTranslation("people");
  const path = { user_id: user.id };
  const acting = useActing(renew);
  const header = ifMatch(user.version);
  const button = (text: "unlock" | "sendLink" | "activate", act: () => Promise<unknown>) => (
    <Button size="xs" variant="default" disabled={acting.isPending} onClick={() => { acting.mutate(act); }}>{t(`actions.${text}`)}</Button>
  );
  const activate = (is_active: boolean) => () => api.PATCH("/api/v1/users/{user_id}", { params: { path, header }, body: { is_active } });
  if (user.anonymised_at) return null;
  return (
    <Group className="no-print" gap="xs">
      <Opener label={t("change")}>{(close) => <Change user={user} close={close} />}</Opener>
      {user.is_locked && button("unlock", () => api.POST("/api/v1/users/{user_id}/unlock", { params: { path } }))}
      {user.is_active && button("sendLink", () => api.POST("/api/v1/users/{user_id}/password-reset", { params: { path } }))}
      {user.is_active && <OneTimeCode user={user} done={renew} />}
      {user.has_factor && <Question label={t("actions.resetFactors")} text={t("actions.resetFactorsText", { name: user.name })} act={() => api.DELETE("/api/v1/users/{user_id}/factors", { params: { path } })} done={renew} />}
      {user.is_active
        ? <Question label={t("actions.deactivate")} text={t("actions.deactivateText", { name: user.name })} act={activate(false)} done={renew} />
        : button("activate", activate(true))}
      {!user.is_active && <Question label={t("actions.anonymise")} text={t("actions.anonymiseText", { name: user.name })} act={() => api.POST("/api/v1/users/{user_id}/anonymise", { params: { path } })} done={renew} />}
      {acting.error && <Failure error={acting.error} />}
    </Group>
  );
}

function Change({ user, close }: { user: User; close: () => void }) {
  const { t } = useTranslation("people");
  const path = { user_id: user.id };
  return (
    <EditForm
      fields={[{ name: "name", label: t("invite.name"), required: true }, { name: "email", label: t("invite.email"), kind: "email", required: true, help: t("emailHelp") }]}
      start={user}
      read={() => answered(api.GET("/api/v1/users/{user_id}", { params: { path } }))}
      save={(body, { version }) => api.PATCH("/api/v1/users/{user_id}", { params: { path, header: ifMatch(version) }, body })}
      done={() => { close(); return renew(); }}
      submit={t("change")}
    />
  );
}
