/** Courts, judges, types, purposes, outcomes and reasons: what returns and forms may name. */
import { Badge, Button, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useActing } from "../parts/acting";
import { useDates } from "../parts/dates";
import { Opener } from "../parts/dialog";
import { Empty, Failure, Shown } from "../parts/states";
import { AddEntry, ChangeEntry } from "./EntryForms";
import { type Entry, type Kind, KINDS, nameOf, WAYS } from "./kinds";

export function Vocabulary() {
  const { t } = useTranslation("approvals");
  const [kind, setKind] = useState<Kind>("courts");
  const [typed, setTyped] = useState("");
  const query = useQuery({ queryKey: ["vocabulary-all", kind], queryFn: WAYS[kind].all });
  const data = KINDS.map((value) => ({ value, label: t(`vocabulary.${value}`) }));
  return (
    <>
      <Group align="end" className="no-print">
        <NativeSelect label={t("vocabulary.kind")} data={data} value={kind} onChange={({ currentTarget }) => { setKind(KINDS.find((each) => each === currentTarget.value) ?? "courts"); }} />
        <TextInput type="search" label={t("vocabulary.find")} value={typed} onChange={({ currentTarget: { value } }) => { setTyped(value); }} />
        <Opener label={t("vocabulary.add")} key={kind}>{(close) => <AddEntry kind={kind} close={close} />}</Opener>
      </Group>
      <Shown query={query}>{(all) => <Found kind={kind} entries={all.filter((entry) => matches(entry, typed))} />}</Shown>
    </>
  );
}

const SHOWN = 100;

function matches(entry: Entry, typed: string): boolean {
  return nameOf(entry).toLowerCase().includes(typed.trim().toLowerCase());
}

function Found({ kind, entries }: { kind: Kind; entries: readonly Entry[] }) {
  const { t } = useTranslation("approvals");
  if (entries.length === 0) return <Empty>{t("vocabulary.none")}</Empty>;
  return (
    <>
      {entries.slice(0, SHOWN).map((entry) => <Line key={entry.id} kind={kind} entry={entry} />)}
      {entries.length > SHOWN && <Text size="sm" mt="xs" role="status">{t("vocabulary.more", { number: entries.length - SHOWN })}</Text>}
    </>
  );
}

function Line({ kind, entry }: { kind: Kind; entry: Entry }) {
  const { t } = useTranslation("approvals");
  const name = nameOf(entry);
  const code = typeof entry.code === "string" ? entry.code : null;
  return (
    <article className="result" aria-label={name}>
      <Group justify="space-between">
        <Group gap="xs">
          <Text>{name}</Text>
          {code && <Text size="xs">{code}</Text>}
          <Marks entry={entry} />
        </Group>
        <Group gap="xs" className="no-print">
          <Opener label={t("vocabulary.change")} of={name}>{(close) => <ChangeEntry kind={kind} entry={entry} close={close} />}</Opener>
          <Use kind={kind} entry={entry} />
        </Group>
      </Group>
    </article>
  );
}

function Marks({ entry }: { entry: Entry }) {
  const { t } = useTranslation("approvals");
  const { day } = useDates();
  const from = typeof entry.valid_from === "string" ? entry.valid_from : null;
  const until = typeof entry.valid_to === "string" ? entry.valid_to : null;
  const effect = entry.effect as Schemas["Effect"] | undefined;
  return (
    <>
      {effect && <Badge variant="outline" color="gray" className="badge">{t(`effect.${effect}`)}</Badge>}
      {!entry.is_active && <Badge variant="outline" color="gray" className="badge">{t("vocabulary.unused")}</Badge>}
      {from && <Text size="sm">{t("vocabulary.from", { day: day(from) })}</Text>}
      {until && <Text size="sm">{t("vocabulary.until", { day: day(until) })}</Text>}
    </>
  );
}

/** Out of use at once, and back; with a date, by its form. */
function Use({ kind, entry }: { kind: Kind; entry: Entry }) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const acting = useActing<{ response: Response }>(() => client.invalidateQueries());
  const act = () => WAYS[kind].change(entry.id, { is_active: !entry.is_active }, { version: entry.version, key: "" });
  return (
    <>
      <Button size="xs" variant="default" loading={acting.isPending} onClick={() => { acting.mutate(act); }}>{t(entry.is_active ? "vocabulary.stop" : "vocabulary.use")}</Button>
      {acting.data?.response.status === 202 && <Text size="sm" role="status">{t("proposed")}</Text>}
      {acting.error && <Failure error={acting.error} />}
    </>
  );
}
