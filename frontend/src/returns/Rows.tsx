/** Every row with its result, and why; what is held or rejected is repaired where it stands. */
import { Button, Group, Table } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { EndlessList, useEndless } from "../parts/endless";
import { RESULTS } from "./route";
import { Row } from "./Row";

type BatchRead = Schemas["BatchRead"];
const route = getRouteApi("/console/returns/$batchId");

export function Rows({ batch }: { batch: BatchRead }) {
  const { t } = useTranslation("returns");
  const { result } = route.useSearch();
  const path = { batch_id: batch.id };
  // With the state in its key the list is read again when a worker has ended something.
  const list = useEndless<Schemas["RowRead"]>(["import", batch.id, "rows", batch.state, result], (cursor) =>
    answered(api.GET("/api/v1/imports/{batch_id}/rows", { params: { path, query: { result, cursor } } })),
  );
  return (
    <>
      <Results batch={batch} />
      <EndlessList query={list} empty={t("rows.none")}>
        {(rows) => (
          <Table aria-label={t("tabs.rows")} verticalSpacing="xs">
            <Table.Tbody>
              {rows.map((row) => <Row key={row.row_no} batch={batch} row={row} />)}
            </Table.Tbody>
          </Table>
        )}
      </EndlessList>
    </>
  );
}

/** How many rows have each result; one narrows the list to its rows. */
function Results({ batch }: { batch: BatchRead }) {
  const { t } = useTranslation("returns");
  const { result } = route.useSearch();
  const navigate = route.useNavigate();
  const count = (each: Schemas["RowResult"]) => batch.counts[each.toLowerCase() as Lowercase<typeof each>];
  const shown = RESULTS.filter((each) => count(each) > 0 || each === result);
  return (
    <Group gap="xs" mb="sm" role="group" aria-label={t("rows.filter")}>
      {[undefined, ...shown].map((each) => (
        <Button
          key={each ?? "all"}
          size="compact-sm"
          variant={each === result ? "filled" : "default"}
          aria-pressed={each === result}
          onClick={() => void navigate({ search: (now) => ({ ...now, result: each }), replace: true })}
        >
          {each === undefined ? t("rows.all", { count: batch.counts.read }) : `${t(`result.${each}`)} ${count(each)}`}
        </Button>
      ))}
    </Group>
  );
}
