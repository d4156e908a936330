import { useTranslation } from "react-i18next";
import { api, once, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { EditForm } from "../parts/EditForm";
import { grantOf, useGrantFields } from "./grant";

/** A new user with a first grant; the invitation goes out by mail. */
export function Invite({ done }: { done: (user: Schemas["UserRead"]) => unknown }) {
  const { t } = useTranslation("people");
  const grant = useGrantFields();
  const fields = [
    { name: "name", label: t("invite.name"), required: true },
    { name: "email", label: t("invite.email"), kind: "email", required: true },
    ...grant,
  ] as const;
  return (
    <EditForm
      fields={fields}
      start={{ role: "viewer" }}
      text={t("invite.text")}
      save={(body, { key }) => {
        const given = { email: String(body.email), name: String(body.name), grants: [grantOf(body)] };
        return api.POST("/api/v1/users", { params: { header: once(key) }, body: given });
      }}
      done={(user) => {
        void queries.invalidateQueries({ queryKey: ["users"] });
        if (user) done(user);
      }}
      submit={t("invite.submit")}
    />
  );
}
