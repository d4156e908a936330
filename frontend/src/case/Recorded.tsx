/** What was recorded, corrected or taken back; both stay to be read. */
import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, once, type Schemas } from "../api/client";
import { choices, useActivityTypes, useJudges, useOutcomes, useReasons } from "../api/vocabulary";
import { Opener } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import type { Field } from "../parts/fields";
import { Shown } from "../parts/states";
import { renew } from "./lists";

type Activity = Schemas["ActivityRead"];

interface Props {
  caseId: string;
  activityId: string;
  /** Tells its buttons from those of other lines. */
  of: string;
}

const read = (id: string) => answered(api.GET("/api/v1/activities/{activity_id}", { params: { path: { activity_id: id } } }));

export function Recorded({ caseId, activityId, of }: Props) {
  const { t } = useTranslation("case");
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Opener label={t("recorded.correct")} of={of}>{(close) => <Read id={activityId} done={() => { close(); return renew(caseId); }} />}</Opener>
      <Opener label={t("recorded.void")} of={of}>{(close) => <Void id={activityId} done={() => { close(); return renew(caseId); }} />}</Opener>
    </Group>
  );
}

interface FormProps {
  id: string;
  done: () => unknown;
}

function Read({ id, done }: FormProps) {
  const query = useQuery({ queryKey: ["activity", id], queryFn: () => read(id), gcTime: 0 });
  return <Shown query={query}>{(activity) => <Correct activity={activity} done={done} />}</Shown>;
}

function useFields(): readonly Field[] {
  const { t } = useTranslation("case");
  const label = (row: { label: string }) => row.label;
  return [
    { name: "activity_on", label: t("recorded.on"), kind: "date", required: true },
    { name: "activity_type_id", label: t("recorded.type"), kind: "select", required: true, data: choices(useActivityTypes(), label) },
    { name: "outcome_id", label: t("recorded.outcome"), kind: "select", data: choices(useOutcomes(), label) },
    { name: "reason_id", label: t("recorded.reason"), kind: "select", data: choices(useReasons(), label) },
    { name: "next_on", label: t("recorded.next"), kind: "date" },
    { name: "judge_ids", label: t("recorded.judges"), kind: "list", data: choices(useJudges(), ({ display_name }) => display_name) },
    { name: "custody_count", label: t("fact.custody"), kind: "number" },
    { name: "details", label: t("recorded.details"), kind: "area" },
  ];
}

function Correct({ activity, done }: { activity: Activity; done: () => unknown }) {
  const { t } = useTranslation("case");
  const newest = useRef(activity.id);
  return (
    <EditForm
      text={t("recorded.correctText")}
      fields={useFields()}
      start={activity}
      read={async () => {
        // A colleague's correction is an activity of its own, which stands in the place of this one.
        const now = await read(newest.current);
        const theirs = now.superseded_by ? await read(now.superseded_by) : now;
        newest.current = theirs.id;
        return theirs;
      }}
      save={(body, { version }) => api.PATCH("/api/v1/activities/{activity_id}", { params: { path: { activity_id: newest.current }, header: ifMatch(version) }, body })}
      done={done}
      submit={t("recorded.correct")}
    />
  );
}

function Void({ id, done }: FormProps) {
  const { t } = useTranslation("case");
  return (
    <EditForm
      text={t("recorded.voidText")}
      fields={[{ name: "reason", label: t("reason"), kind: "area", required: true }]}
      start={{}}
      save={(body, { key }) => api.POST("/api/v1/activities/{activity_id}/void", { params: { path: { activity_id: id }, header: once(key) }, body: body as Schemas["ReasonBody"] })}
      done={done}
      submit={t("recorded.void")}
    />
  );
}
