import { Group, NativeSelect, Table, Text, TextInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { choices, useCourts } from "../api/vocabulary";
import { useDates } from "../parts/dates";
import { EndlessList, useEndless } from "../parts/endless";
import { fieldName, useWritten } from "../parts/names";
import { Page } from "../parts/page";
import { between, Chosen } from "./Audit";
import { CHANGES, type ChangesSearch } from "./route";
import { Sections } from "./Sections";
import { Typed } from "./Typed";

type Event = Schemas["RegistryAuditEventRead"];
const route = getRouteApi("/console/people/changes");

/** What was changed in the registry itself, by whom, and what it was before. */
export function Changes() {
  const { t } = useTranslation("people");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: ChangesSearch) => void navigate({ search: { ...search, ...part }, replace: true });
  const query = { ...search, ...between(search) };
  const list = useEndless(["changes", search], (cursor) => answered(api.GET("/api/v1/registry-audit-events", { params: { query: { ...query, cursor } } })));
  const any = { value: "", label: t("audit.any") };
  const actions = CHANGES.map((value) => ({ value, label: t(`changes.actions.${value}`) }));
  return (
    <Page title={t("changes.title")}>
      <Sections />
      <Group align="end" className="no-print">
        <NativeSelect label={t("audit.action")} data={[any, ...actions]} value={search.action ?? ""} onChange={({ currentTarget }) => { set({ action: CHANGES.find((each) => each === currentTarget.value) }); }} />
        <NativeSelect label={t("grants.court")} data={[any, ...choices(useCourts(true), ({ name }) => name)]} value={search.court_id ?? ""} onChange={({ currentTarget }) => { set({ court_id: currentTarget.value || undefined }); }} />
        <TextInput type="date" label={t("audit.since")} value={search.since ?? ""} onChange={({ currentTarget }) => { set({ since: currentTarget.value || undefined }); }} />
        <TextInput type="date" label={t("audit.until")} value={search.until ?? ""} onChange={({ currentTarget }) => { set({ until: currentTarget.value || undefined }); }} />
        <Typed label={t("audit.requestId")} value={search.request_id} set={(request_id) => { set({ request_id }); }} />
        {search.actor_id && <Chosen label={t("audit.actor")} id={search.actor_id} clear={() => { set({ actor_id: undefined }); }} />}
      </Group>
      <EndlessList query={list} empty={t("audit.empty")}>
        {(items) => (
          <Table striped aria-label={t("changes.title")}>
            <Table.Tbody>{items.map((event) => <Row key={event.sequence} event={event} />)}</Table.Tbody>
          </Table>
        )}
      </EndlessList>
    </Page>
  );
}

function Row({ event }: { event: Event }) {
  const { t } = useTranslation("people");
  const { moment } = useDates();
  const written = useWritten();
  const what = `${t(`changes.actions.${event.action}`)}: ${fieldName(event.entity)}`;
  return (
    <Table.Tr>
      <Table.Td>{moment(event.occurred_at)}</Table.Td>
      <Table.Td className="anywhere">
        <Text fw={700} span>
          {event.entity === "cases" && event.entity_id ? <Link to="/cases/$caseId" params={{ caseId: event.entity_id }} preload={false}>{what}</Link> : what}
        </Text>
        <Text size="sm">{event.actor?.name ?? event.client_id ?? t("changes.system")}</Text>
        {Object.keys(event.changes).length > 0 && <Text size="xs" lang="en">{written(event.changes)}</Text>}
        <Text size="xs">{[event.ip, event.request_id].filter(Boolean).join(" · ")}</Text>
      </Table.Td>
    </Table.Tr>
  );
}
