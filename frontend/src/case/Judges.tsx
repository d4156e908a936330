import { Group, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { choices, useJudges } from "../api/vocabulary";
import { today, useDates } from "../parts/dates";
import { Opener } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { List, type Of, renew, useParameters, useWrites } from "./lists";

type Assignment = Schemas["AssignmentRead"];

/** Who has been responsible for the case; assigned by hand, or by the bench that sat. */
export function Judges({ caseId }: Of) {
  const { t } = useTranslation("case");
  const { day } = useDates();
  const writes = useWrites();
  const parameters = useParameters(caseId);
  return (
    <Stack>
      {writes && <Group className="no-print"><Opener label={t("assign.add")}>{(close) => <Assign caseId={caseId} close={close} />}</Opener></Group>}
      <List
        name="judges"
        caseId={caseId}
        page={(cursor) => answered(api.GET("/api/v1/cases/{case_id}/assignments", parameters(cursor)))}
        row={(item) => ({
          key: item.id,
          on: day(item.from_on),
          what: `${item.judge.display_name} · ${t(`role.${item.role}`)}`,
          note: [item.to_on && t("until", { day: day(item.to_on) }), t(`assign.origin.${item.origin}`), item.reason, item.ended_reason].filter(Boolean).join(" · "),
          // What follows from the bench ends when another bench sits.
          actions: writes && item.to_on === null && item.origin === "assigned" && (
            <Opener label={t("assign.end")} of={item.judge.display_name}>{(close) => <End caseId={caseId} assignment={item} close={close} />}</Opener>
          ),
        })}
      />
    </Stack>
  );
}

function Assign({ caseId, close }: Of & { close: () => void }) {
  const { t } = useTranslation("case");
  const judges = choices(useJudges().filter(({ merged_into_id }) => merged_into_id === null), ({ display_name }) => display_name);
  const roles = (["lead", "member"] as const).map((value) => ({ value, label: t(`role.${value}`) }));
  return (
    <EditForm
      text={t("assign.text")}
      fields={[
        { name: "judge_id", label: t("assign.judge"), kind: "select", required: true, data: judges },
        { name: "role", label: t("assign.role"), kind: "select", required: true, data: roles },
        { name: "from_on", label: t("assign.from"), kind: "date", required: true },
        { name: "reason", label: t("reason"), kind: "area", required: true },
      ]}
      start={{ role: "lead", from_on: today() }}
      save={(body, { key }) => api.POST("/api/v1/cases/{case_id}/assignments", { params: { path: { case_id: caseId }, header: once(key) }, body: body as Schemas["AssignmentCreate"] })}
      done={() => { close(); return renew(caseId); }}
      submit={t("assign.add")}
    />
  );
}

function End({ caseId, assignment, close }: Of & { assignment: Assignment; close: () => void }) {
  const { t } = useTranslation("case");
  const path = { case_id: caseId, assignment_id: assignment.id };
  return (
    <EditForm
      fields={[
        { name: "ended_on", label: t("assign.endedOn"), kind: "date", required: true },
        { name: "reason", label: t("reason"), kind: "area", required: true },
      ]}
      start={{ ended_on: today() }}
      save={(body, { key }) => api.POST("/api/v1/cases/{case_id}/assignments/{assignment_id}/end", { params: { path, header: once(key) }, body: body as Schemas["AssignmentEnd"] })}
      done={() => { close(); return renew(caseId); }}
      submit={t("assign.end")}
    />
  );
}
