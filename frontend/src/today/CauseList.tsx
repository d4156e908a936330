import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActivityTypes, useOutcomes } from "../api/vocabulary";
import { hasRole, useUser } from "../session/store";
import { useDates } from "../parts/dates";
import { Empty, Shown } from "../parts/states";
import { type Listed, useCauseList, useMissing } from "./lists";
import { Recorder } from "./Recorder";

interface Props {
  court: string;
  on: string;
  missing: boolean;
}

export function CauseList({ court, on, missing }: Props) {
  const { t } = useTranslation("today");
  const { day } = useDates();
  const list = useCauseList({ court, on });
  const open = useMissing({ court, on }).data;
  const vocabulary = [useOutcomes(), useActivityTypes()];
  // A digit that came before the outcomes were read would be lost, and the next one mean another thing.
  const writes = hasRole(useUser(), "data_entry", "admin") && vocabulary.every((each) => each.length > 0);
  const [chosen, choose] = useState<string>();
  // What has been entered for a hearing stays, also when a colleague has recorded it in the meantime.
  const [begun, begin] = useState<string>();
  const waits = ({ hearing_id }: Listed) => hearing_id === begun || (open?.has(hearing_id) ?? false);
  return (
    <Shown query={list}>
      {(all) => {
        const hearings = missing ? all.filter(waits) : all;
        const waiting = hearings.filter(waits).map(({ hearing_id }) => hearing_id);
        // The first that waits is ready for the keyboard, until another is chosen.
        const current = waiting.includes(chosen ?? "") ? chosen : waiting[0];
        const move = (step: number) => { choose(waiting[waiting.indexOf(current ?? "") + step] ?? current); };
        return (
          <Stack gap="xs">
            <Title order={2} size="h4">{t("count", { count: hearings.length, day: day(on) })}</Title>
            {waiting.length > 0 && <Text size="sm">{t("waiting", { count: waiting.length })}</Text>}
            {hearings.length === 0 && <Empty>{t(missing ? "noneMissing" : "none")}</Empty>}
            {hearings.map((hearing) => (
              <Hearing key={hearing.hearing_id} hearing={hearing} waits={waiting.includes(hearing.hearing_id)} choose={choose}>
                {writes && hearing.hearing_id === current && <Recorder key={current} hearing={hearing} court={court} on={on} move={move} begin={begin} />}
              </Hearing>
            ))}
          </Stack>
        );
      }}
    </Shown>
  );
}

interface HearingProps {
  hearing: Listed;
  waits: boolean;
  choose: (hearing: string) => void;
  children: React.ReactNode;
}

function Hearing({ hearing, waits, choose, children }: HearingProps) {
  const { t } = useTranslation("today");
  return (
    <Paper withBorder p="sm" component="section" aria-label={hearing.number} onFocus={() => { choose(hearing.hearing_id); }} onClick={() => { choose(hearing.hearing_id); }}>
      <Group justify="space-between">
        <div>
          <Link to="/cases/$caseId" params={{ caseId: hearing.case_id }}>{hearing.number}</Link>
          <Text size="sm">{[hearing.purpose, hearing.judge?.display_name].filter(Boolean).join(" · ")}</Text>
        </div>
        <Badge variant="outline" color={waits ? "orange" : "gray"}>{t(waits ? "waits" : `status.${hearing.status}`)}</Badge>
      </Group>
      {children}
    </Paper>
  );
}
