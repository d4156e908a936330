import { Badge, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api } from "../api/client";
import { useDates } from "../parts/dates";
import { useReason } from "../parts/events";
import { EndlessList, useEndless } from "../parts/endless";

/** What happened to the account; the words are those of the audit log. */
export function Activity() {
  const { t } = useTranslation(["account", "parts"]);
  const { moment } = useDates();
  const reason = useReason();
  const list = useEndless(["activity", "own"], (cursor) => answered(api.GET("/api/v1/auth/activity", { params: { query: { cursor, limit: 20 } } })));
  return (
    <EndlessList query={list} empty={t("activity.empty")}>
      {(items) => (
        <Table aria-label={t("activity.title")}>
          <Table.Tbody>
            {items.map((each) => (
              <Table.Tr key={`${each.occurred_at} ${each.action} ${each.session_id ?? ""}`}>
                <Table.Td>{moment(each.occurred_at)}</Table.Td>
                <Table.Td>
                  {t(`parts:actions.${each.action}`)} {each.outcome !== "success" && <Badge color="red" variant="outline" className="badge">{reason(each.reason) ?? t(`parts:outcomes.${each.outcome}`)}</Badge>}
                  <Text size="xs">{each.ip ?? t("activity.other")}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </EndlessList>
  );
}
