import { useTranslation } from "react-i18next";
import { api, ifMatch, once, type Schemas } from "../api/client";
import { today } from "../parts/dates";
import { EditForm } from "../parts/EditForm";
import type { FormProps } from "./Actions";

const STATUSES = ["pending", "inactive", "disposed"] as const;

/** A status that no outcome gives, by order. */
export function Order({ shown, done }: FormProps) {
  const { t } = useTranslation("case");
  const statuses = STATUSES.filter((status) => status !== shown.status).map((value) => ({ value, label: t(`status.${value}`) }));
  return (
    <EditForm
      text={t("orderText")}
      fields={[
        { name: "status", label: t("fact.status"), kind: "select", required: true, data: statuses },
        { name: "effective_on", label: t("effectiveOn"), kind: "date", required: true },
        { name: "reason", label: t("reason"), kind: "area", required: true },
      ]}
      start={{ effective_on: today() }}
      save={(body, { key }) => api.POST("/api/v1/cases/{case_id}/status", { params: { path: { case_id: shown.id }, header: once(key) }, body: body as Schemas["StatusBody"] })}
      done={done}
      submit={t("action.order")}
    />
  );
}

/** Takes out what should never have been registered. */
export function Remove({ shown, done }: FormProps) {
  const { t } = useTranslation("case");
  return (
    <EditForm
      text={t("removeText")}
      fields={[{ name: "reason", label: t("reason"), kind: "area", required: true }]}
      start={{}}
      save={({ reason }) => api.DELETE("/api/v1/cases/{case_id}", { params: { path: { case_id: shown.id }, query: { reason: String(reason) }, header: ifMatch(shown.version) } })}
      done={done}
      submit={t("action.remove")}
    />
  );
}
