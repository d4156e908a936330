import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { fieldName, useWritten } from "../parts/names";
import { Shown } from "../parts/states";
import { compared, type Compared, type Request } from "./sides";

export function Sides({ request }: { request: Request }) {
  const { t } = useTranslation("approvals");
  const query = useQuery({ queryKey: ["requests", request.id, "sides"], queryFn: () => compared(request) });
  return (
    <>
      {request.case_id && (
        <Text size="sm" mt="xs"><Link to="/cases/$caseId" params={{ caseId: request.case_id }}>{t("proposal.case")}</Link></Text>
      )}
      {request.kind === "import_revert" && request.entity_id && (
        <Text size="sm" mt="xs"><Link to="/returns/$batchId" params={{ batchId: request.entity_id }}>{t("proposal.return")}</Link></Text>
      )}
      <Shown query={query}>{(rows) => <TwoSides rows={rows} now={t("side.now")} then={t("side.then")} />}</Shown>
    </>
  );
}

/** Two sides of one thing, a field a line. */
export function TwoSides({ rows, now, then }: { rows: readonly Compared[]; now: string; then: string }) {
  const { t } = useTranslation("approvals");
  const written = useWritten();
  if (rows.length === 0) return null;
  return (
    <Table mt="xs" layout="fixed" className="narrow">
      <Table.Thead>
        <Table.Tr><Table.Th>{t("side.field")}</Table.Th><Table.Th>{now}</Table.Th><Table.Th>{then}</Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((each) => (
          <Table.Tr key={each.field}>
            <Table.Th scope="row">{fieldName(each.field)}</Table.Th>
            <Table.Td>{written(each.now)}</Table.Td>
            <Table.Td fw={700}>{written(each.then)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
