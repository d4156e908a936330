import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";

/** What the help desk needs first: whether and how the user can sign in, and what was sent. */
export function UserFacts({ user }: { user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const { moment } = useDates();
  const until = (at: string | null | undefined) => (at ? t("facts.until", { at: moment(at) }) : "–");
  const password = user.is_locked ? "locked" : user.has_password ? "set" : "none";
  const factor = user.has_factor ? t("facts.factorSet") : user.factor_due_at ? t("facts.due", { at: moment(user.factor_due_at) }) : t("facts.factorNone");
  const facts = [
    ["email", user.email],
    ["lastSignIn", user.last_sign_in_at ? moment(user.last_sign_in_at) : t("neverSignedIn")],
    ["failed", String(user.failed_sign_ins)],
    ["password", t(`facts.passwords.${password}`)],
    ["factor", factor],
    ["mail", user.mail ? [t(`mail.${user.mail.state}`), moment(user.mail.at), user.mail.reason].filter(Boolean).join(" · ") : "–"],
    ...(user.invitation ? [["invitation", user.invitation.state === "open" ? until(user.invitation.expires_at) : user.mail?.state === "queued" ? t("mail.queued") : t("facts.invitationOver")] as const] : []),
    ...(user.one_time_code ? [["code", until(user.one_time_code.expires_at)] as const] : []),
    ...(user.email_change ? [["emailChange", user.email_change.email] as const] : []),
    ...(user.dormant_at ? [["dormant", moment(user.dormant_at)] as const] : []),
    ...(user.anonymised_at ? [["anonymised", moment(user.anonymised_at)] as const] : []),
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs">{t(`facts.${name}`)}</Text>
          <Text component="dd" m={0} className="anywhere">{value}</Text>
        </div>
      ))}
    </dl>
  );
}
