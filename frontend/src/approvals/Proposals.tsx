/** What waits for a decision, the oldest first, each with what is and what it would become. */
import { Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { EndlessList, useEndless } from "../parts/endless";
import { Decision } from "./Decision";
import { Sides } from "./Sides";

type Request = Schemas["ChangeRequestRead"];

export function Proposals() {
  const { t } = useTranslation("approvals");
  const list = useEndless<Request>(["requests", "pending"], (cursor) =>
    answered(api.GET("/api/v1/requests", { params: { query: { state: "pending", cursor } } })),
  );
  return (
    <EndlessList query={list} empty={t("proposal.none")}>
      {(requests) => requests.map((request) => <Proposal key={request.id} request={request} />)}
    </EndlessList>
  );
}

function Proposal({ request }: { request: Request }) {
  const { t } = useTranslation("approvals");
  const { moment } = useDates();
  const by = [request.requested_by?.name, moment(request.requested_at)].filter(Boolean).join(" · ");
  return (
    <article className="result" aria-label={t(`kind.${request.kind}`)}>
      <Group justify="space-between">
        <Badge variant="outline" color="gray" className="badge">{t(`kind.${request.kind}`)}</Badge>
        <Text size="sm">{by}</Text>
      </Group>
      {request.reason && <Text size="sm" mt="xs">{t("proposal.reason", { reason: request.reason })}</Text>}
      <Sides request={request} />
      <Decision request={request} />
    </article>
  );
}
