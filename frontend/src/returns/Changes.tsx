/** What applying the return would change, row by row, as the registry is now. */
import { Badge, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { EndlessList, useEndless } from "../parts/endless";
import { fieldName, useWritten } from "../parts/names";

type Changed = Schemas["RowChangesRead"];

export function Changes({ batch }: { batch: Schemas["BatchRead"] }) {
  const { t } = useTranslation("returns");
  const path = { batch_id: batch.id };
  const list = useEndless<Changed>(["import", batch.id, "diff", batch.state], (cursor) =>
    answered(api.GET("/api/v1/imports/{batch_id}/diff", { params: { path, query: { cursor } } })),
  );
  return (
    <EndlessList query={list} empty={t("changes.none")}>
      {(rows) => (
        <Table aria-label={t("tabs.changes")} verticalSpacing="xs">
          <Table.Tbody>
            {rows.map((row) => <Line key={row.row_no} row={row} />)}
          </Table.Tbody>
        </Table>
      )}
    </EndlessList>
  );
}

function Line({ row }: { row: Changed }) {
  const { t } = useTranslation("returns");
  return (
    <Table.Tr>
      <Table.Th scope="row" className="when">{t("row.number", { number: row.row_no })}</Table.Th>
      <Table.Td>
        {row.case_id ? <Link to="/cases/$caseId" params={{ caseId: row.case_id }}>{row.number}</Link> : row.number}{" "}
        <Badge variant="outline" color="gray" className="badge">{t(row.case_id ? `result.${row.result}` : "changes.newCase")}</Badge>
        <Fields title={t("changes.case")} fields={row.case} />
        <Fields title={t("changes.activity")} fields={row.activity} />
      </Table.Td>
    </Table.Tr>
  );
}

function Fields({ title, fields }: { title: string; fields: Changed["case"] }) {
  const { t } = useTranslation("returns");
  const written = useWritten();
  const shown = Object.entries(fields).filter(([, { from, to }]) => written(from) !== written(to));
  if (shown.length === 0) return null;
  return (
    <Text size="sm">
      {title}:{" "}
      {shown.map(([name, { from, to }]) => {
        return `${fieldName(name)} ${from === null ? "" : `${written(from)} → `}${to === null ? t("changes.nothing") : written(to)}`;
      }).join(" · ")}
    </Text>
  );
}
