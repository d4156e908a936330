import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { addDays, startOf } from "../parts/dates";
import { download } from "../parts/download";
import { EndlessList, useEndless } from "../parts/endless";
import { Page } from "../parts/page";
import { Failure } from "../parts/states";
import { AuditTable } from "./AuditTable";
import { Person } from "./Person";
import { type AuditSearch, OUTCOMES } from "./route";
import { Sections } from "./Sections";
import { Typed } from "./Typed";

const route = getRouteApi("/console/people/audit");
type Set = (part: AuditSearch) => void;

/** Days of the address as moments of the API; the last day counts whole. */
export function between({ since, until }: { since?: string; until?: string }) {
  return { since: since && startOf(since), until: until && startOf(addDays(until, 1)) };
}

/** The audit log of accounts, and where each event stands in its chain. */
export function Audit() {
  const { t } = useTranslation("people");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set: Set = (part) => void navigate({ search: { ...search, ...part }, replace: true });
  const query = { ...search, ...between(search) };
  const list = useEndless(["audit", search], (cursor) => answered(api.GET("/api/v1/audit-events", { params: { query: { ...query, cursor } } })));
  return (
    <Page title={t("audit.title")} actions={<Export query={query} />}>
      <Sections />
      <Filters search={search} set={set} />
      <EndlessList query={list} empty={t("audit.empty")}>{(items) => <AuditTable items={items} />}</EndlessList>
    </Page>
  );
}

function Filters({ search, set }: { search: AuditSearch; set: Set }) {
  const { t, i18n } = useTranslation(["people", "parts"]);
  const named = Object.entries(t("parts:actions", { returnObjects: true })).map(([value, label]) => ({ value, label }));
  const any = { value: "", label: t("audit.any") };
  const outcomes = OUTCOMES.map((value) => ({ value, label: t(`audit.outcomes.${value}`) }));
  const actions = named.toSorted((one, other) => one.label.localeCompare(other.label, i18n.language));
  return (
    <Group align="end" className="no-print">
      <NativeSelect label={t("audit.action")} data={[any, ...actions]} value={search.action ?? ""} onChange={({ currentTarget: { value } }) => { set({ action: value === "" ? undefined : (value as Schemas["Action"]) }); }} />
      <NativeSelect label={t("audit.outcome")} data={[any, ...outcomes]} value={search.outcome ?? ""} onChange={({ currentTarget }) => { set({ outcome: OUTCOMES.find((each) => each === currentTarget.value) }); }} />
      <TextInput type="date" label={t("audit.since")} value={search.since ?? ""} onChange={({ currentTarget }) => { set({ since: currentTarget.value || undefined }); }} />
      <TextInput type="date" label={t("audit.until")} value={search.until ?? ""} onChange={({ currentTarget }) => { set({ until: currentTarget.value || undefined }); }} />
      <Typed label={t("audit.ip")} value={search.ip} set={(ip) => { set({ ip }); }} />
      <Typed label={t("audit.requestId")} value={search.request_id} set={(request_id) => { set({ request_id }); }} />
      {search.subject && <Chosen label={t("audit.subject")} id={search.subject} clear={() => { set({ subject: undefined }); }} />}
      {search.actor && <Chosen label={t("audit.actor")} id={search.actor} clear={() => { set({ actor: undefined }); }} />}
    </Group>
  );
}

/** A user to whom the list is limited; chosen at their page. */
export function Chosen({ label, id, clear }: { label: string; id: string; clear: () => void }) {
  const { t } = useTranslation("people");
  return (
    <Group gap="xs">
      <span>{label}: <Person id={id} /></span>
      <Button size="xs" variant="default" onClick={clear}>{t("audit.all")}</Button>
    </Group>
  );
}

function Export({ query }: { query: Readonly<Record<string, string | undefined>> }) {
  const { t } = useTranslation("people");
  const fetching = useMutation({ mutationFn: download });
  const given = Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined));
  return (
    <Group className="no-print">
      <Button size="xs" variant="default" loading={fetching.isPending} onClick={() => { fetching.mutate({ path: "/api/v1/audit-events/export", query: given }); }}>{t("audit.export")}</Button>
      {fetching.error && <Failure error={fetching.error} />}
    </Group>
  );
}
