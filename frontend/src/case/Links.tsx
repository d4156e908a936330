import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { Opener, Question } from "../parts/dialog";
import { fieldsOf, optional, text, useForm } from "../parts/form";
import { Empty, Failure, Shown } from "../parts/states";
import { type Of, renew, useWrites } from "./lists";

const PAUSE_MS = 200;
const KINDS = ["related", "consolidated_into", "appeal_of"] as const;
type Kind = (typeof KINDS)[number];

/** Cases that belong with this one. */
export function Links({ caseId }: Of) {
  const { t } = useTranslation("case");
  const writes = useWrites();
  const query = useQuery({
    queryKey: ["case", caseId, "links"],
    queryFn: async () => (await answered(api.GET("/api/v1/cases/{case_id}/links", { params: { path: { case_id: caseId } } }))).items,
  });
  return (
    <Stack gap="xs">
      {writes && <Group className="no-print"><Opener label={t("linking.add")}>{(close) => <Add caseId={caseId} close={close} />}</Opener></Group>}
      <Shown query={query}>
        {(links) => links.length === 0 ? <Empty>{t("empty.links")}</Empty> : links.map((link) => <Line key={link.id} caseId={caseId} link={link} writes={writes} />)}
      </Shown>
    </Stack>
  );
}

function Line({ caseId, link, writes }: Of & { link: Schemas["LinkRead"]; writes: boolean }) {
  const { t } = useTranslation("case");
  const { kind } = link;
  // Removed where it was made; a transfer's link goes with the transfer.
  const [from, to] = link.outward ? [caseId, link.case.id] : [link.case.id, caseId];
  const removing = kind !== "transferred_to" && writes && (
    <Question
      label={t("linking.remove")}
      of={link.case.number}
      text={t("linking.removeText")}
      act={() => api.POST("/api/v1/cases/{case_id}/unlink", { params: { path: { case_id: from }, header: once(crypto.randomUUID()) }, body: { other_id: to, kind } })}
      done={() => renew(caseId)}
    />
  );
  return (
    <Group className="result" justify="space-between">
      <Text>{t(`link.${kind}`)}: <Link to="/cases/$caseId" params={{ caseId: link.case.id }}>{link.case.number}</Link> {link.reason}</Text>
      <div className="no-print">{removing}</div>
    </Group>
  );
}

/** Any spelling of a number finds the cases to choose from. */
function Add({ caseId, close }: Of & { close: () => void }) {
  const { t } = useTranslation("case");
  const [typed, setTyped] = useState("");
  const [number] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const found = useQuery({
    queryKey: ["cases", "lookup", number],
    queryFn: async () => (await answered(api.GET("/api/v1/cases/lookup", { params: { query: { number } } }))).items,
    enabled: number !== "",
  });
  const cases = (found.data ?? []).filter((item) => item.case.id !== caseId);
  const form = useForm(
    (data) => {
      const body = { other_id: text(data, "other"), kind: text(data, "kind") as Kind, reason: optional(data, "reason") };
      return api.POST("/api/v1/cases/{case_id}/link", { params: { path: { case_id: caseId }, header: once(key) }, body });
    },
    () => { close(); void renew(caseId); },
  );
  const errors = fieldsOf(form.error);
  return (
    <form onSubmit={form.submit} onChange={() => { setKey(crypto.randomUUID()); }}>
      <Stack gap="sm">
        <NativeSelect name="kind" label={t("linking.kind")} data={KINDS.map((value) => ({ value, label: t(`link.${value}`) }))} error={errors.kind} />
        <TextInput label={t("linking.number")} value={typed} onChange={({ currentTarget: { value } }) => { setTyped(value); }} data-autofocus />
        <NativeSelect name="other" label={t("linking.case")} required error={errors.other_id} data={cases.map((item) => ({ value: item.case.id, label: `${item.case.number} · ${item.case.court.name}` }))} />
        <TextInput name="reason" label={t("linking.reason")} error={errors.reason} />
        {found.error && <Failure error={found.error} />}
        {form.error && <Failure error={form.error} />}
        <Button type="submit" disabled={cases.length === 0} loading={form.pending}>{t("linking.add")}</Button>
      </Stack>
    </form>
  );
}
