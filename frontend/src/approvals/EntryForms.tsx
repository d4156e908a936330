/** Adds to the vocabulary, or changes it; then the held spellings that may mean the entry. */
import { Button, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api } from "../api/client";
import { whole } from "../api/vocabulary";
import { EditForm } from "../parts/EditForm";
import { Shown } from "../parts/states";
import { useFields } from "./fields";
import { type Entry, type Kind, WAYS } from "./kinds";
import { Spelling } from "./Spellings";

interface AddProps {
  kind: Kind;
  close: () => void;
}

export function AddEntry({ kind, close }: AddProps) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const fields = useFields(kind);
  const [made, setMade] = useState<Entry>();
  if (made) return <Held kind={kind} entry={made} close={close} />;
  return (
    <EditForm
      fields={fields.add}
      start={{}}
      save={WAYS[kind].add}
      done={(answer) => { setMade(answer as Entry); return client.invalidateQueries(); }}
      submit={t("vocabulary.add")}
    />
  );
}

export function ChangeEntry({ kind, entry, close }: AddProps & { entry: Entry }) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const fields = useFields(kind);
  return (
    <Stack>
      <EditForm
        fields={fields.change}
        start={entry}
        read={() => WAYS[kind].read(entry.id)}
        save={(body, at) => WAYS[kind].change(entry.id, body, at)}
        done={() => { close(); return client.invalidateQueries(); }}
        submit={t("vocabulary.save")}
        text={kind === "outcomes" || kind === "activities" ? t("vocabulary.editions") : undefined}
      />
      <Held kind={kind} entry={entry} />
    </Stack>
  );
}

/** Spellings of returns that wait and for which this entry is a candidate; rows behind them are applied. */
function Held({ kind, entry, close }: { kind: Kind; entry: Entry; close?: () => void }) {
  const { t } = useTranslation("approvals");
  const query = useQuery({
    queryKey: ["aliases", "held", kind, entry.id],
    queryFn: async () => {
      const all = await whole((part) => answered(api.GET("/api/v1/aliases", { params: { query: { ...part, state: "pending", kind: WAYS[kind].spelling, sort: "waiting" } } })));
      return all.filter(({ candidates }) => candidates.some(({ target_id }) => target_id === entry.id));
    },
  });
  return (
    <section aria-label={t("held.title")}>
      <Text fw={700}>{t("held.title")}</Text>
      <Shown query={query}>
        {(aliases) => aliases.length === 0 ? <Text size="sm">{t("held.none")}</Text> : aliases.map((alias) => <Spelling key={alias.id} alias={alias} meaning={entry.id} />)}
      </Shown>
      {close && <Button mt="md" onClick={close}>{t("close")}</Button>}
    </section>
  );
}
