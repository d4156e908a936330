import { Badge, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { useReason } from "../parts/events";
import { useWritten } from "../parts/names";
import { Person } from "./Person";

type Event = Schemas["AuditEventRead"];
const HASH_SHOWN = 12;

export function AuditTable({ items }: { items: Event[] }) {
  const { t } = useTranslation("people");
  return (
    <Table.ScrollContainer minWidth={320} type="native">
      <Table striped aria-label={t("audit.title")}>
        <Table.Tbody>{items.map((event) => <Row key={event.sequence} event={event} />)}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ event }: { event: Event }) {
  const { t } = useTranslation(["people", "parts"]);
  const { moment } = useDates();
  const reason = useReason();
  const written = useWritten();
  const chain = event.hash === null ? t("audit.unchained") : t("audit.chained", { position: event.position, hash: event.hash.slice(0, HASH_SHOWN) });
  const details = Object.keys(event.details).length > 0 ? written(event.details) : null;
  return (
    <Table.Tr>
      <Table.Td>{moment(event.occurred_at)}</Table.Td>
      <Table.Td className="anywhere">
        <Text fw={700} span>{t(`parts:actions.${event.action}`)}</Text>{" "}
        {event.outcome !== "success" && <Badge color="red" variant="outline" className="badge">{reason(event.reason) ?? t(`audit.outcomes.${event.outcome}`)}</Badge>}
        <Text size="sm"><Who event={event} /></Text>
        {details && <Text size="xs" lang="en">{details}</Text>}
        <Text size="xs">
          {event.ip && <><Link to="/people/audit" search={{ ip: event.ip }} preload={false}>{event.ip}</Link> · </>}
          {event.request_id && <><Link to="/people/audit" search={{ request_id: event.request_id }} preload={false}>{event.request_id}</Link> · </>}
          {chain}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

/** Whose account it is about, and who did it where that was another. */
function Who({ event: { actor_id, subject_id, client_id } }: { event: Event }) {
  const { t } = useTranslation("people");
  if (subject_id === null && actor_id === null) return client_id;
  return (
    <>
      {subject_id && <Person id={subject_id} />}
      {actor_id && actor_id !== subject_id && <> {t("audit.doneBy")} <Person id={actor_id} /></>}
    </>
  );
}
