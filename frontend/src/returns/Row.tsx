import { Badge, Button, List, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { hasRole, useUser } from "../session/store";
import { isRunning } from "./following";
import { Repair } from "./Repair";

interface Props {
  batch: Schemas["BatchRead"];
  row: Schemas["RowRead"];
}

export function Row({ batch, row }: Props) {
  const { t } = useTranslation("returns");
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const done = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const writes = hasRole(useUser(), "data_entry", "admin");
  const waiting = row.result === "HELD" || row.result === "REJECTED";
  const repairable = writes && waiting && !isRunning(batch);
  return (
    <Table.Tr>
      <Table.Th scope="row" className="when">{t("row.number", { number: row.row_no })}</Table.Th>
      <Table.Td>
        <Badge className="badge" variant={waiting ? "light" : "outline"} color={COLOURS[row.result] ?? "gray"}>{t(`result.${row.result}`)}</Badge>
        <Text size="sm"><Summary row={row} /></Text>
        <Issues issues={row.issues} />
        {repairable && (
          <Button ref={opener} size="compact-sm" variant="default" mt="xs" aria-expanded={open} onClick={() => { setOpen(!open); }} aria-label={t("row.repairNumber", { number: row.row_no })}>
            {t("row.repair")}
          </Button>
        )}
        {repairable && open && <Repair batch={batch} rowNo={row.row_no} done={done} />}
      </Table.Td>
    </Table.Tr>
  );
}

const COLOURS: Partial<Record<Schemas["RowResult"], string>> = { HELD: "orange", REJECTED: "red" };

/** Which case and event the row is about, in the words of the file. */
function Summary({ row: { raw, case_id: caseId, sheet } }: { row: Schemas["RowRead"] }) {
  const number = [raw.caseid_type, raw.caseid_no].filter(Boolean).join(" ");
  const date = [raw.date_dd, raw.date_mon, raw.date_yyyy].filter(Boolean).join(" ");
  const rest = [date, raw.comingfor, raw.outcome, sheet].filter(Boolean).join(" · ");
  return (
    <>
      {caseId ? <Link to="/cases/$caseId" params={{ caseId }}>{number || caseId}</Link> : number} {rest}
    </>
  );
}

function Issues({ issues }: { issues: readonly Schemas["IssueRead"][] }) {
  const { t } = useTranslation("returns");
  if (issues.length === 0) return null;
  return (
    <List size="sm" spacing={2}>
      {issues.map((issue) => (
        <List.Item key={`${issue.code} ${issue.column ?? ""}`}>
          <b>{t(`severity.${issue.severity}`)}:</b> {issue.message}
          {issue.value && ` (${[issue.column, issue.value].filter(Boolean).join(": ")})`}
          {issue.suggestion && issue.severity !== "info" && ` ${t("row.perhaps", { suggestion: issue.suggestion })}`}
        </List.Item>
      ))}
    </List>
  );
}
