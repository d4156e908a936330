import { Button, Group, Paper, SimpleGrid, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, type Schemas } from "../api/client";
import { Failure, Shown } from "../parts/states";
import { Choice } from "./Choice";
import { History } from "./Repairs";

type Cells = Record<string, string>;

interface Props {
  batch: Schemas["BatchRead"];
  rowNo: number;
  done: () => void;
}

/** A row as it is now, with its version: the cells to change, and what a held spelling may mean. */
export function Repair({ batch, rowNo, done }: Props) {
  const { t } = useTranslation("returns");
  const client = useQueryClient();
  const path = { batch_id: batch.id, row_no: rowNo };
  const query = useQuery({
    queryKey: ["import", batch.id, "row", rowNo],
    queryFn: () => answered(api.GET("/api/v1/imports/{batch_id}/rows/{row_no}", { params: { path } })),
  });
  const repairing = useMutation({
    mutationFn: ({ cells, version }: { cells: Cells; version: number }) =>
      answered(api.PATCH("/api/v1/imports/{batch_id}/rows/{row_no}", { params: { path, header: ifMatch(version) }, body: cells })),
    onSuccess: ({ result }) => {
      if (result !== "HELD" && result !== "REJECTED") done();
      return client.invalidateQueries({ queryKey: ["import", batch.id] });
    },
  });
  return (
    <Paper withBorder p="sm" mt="xs" className="narrow" role="region" aria-label={t("row.repairNumber", { number: rowNo })}>
      <Shown query={query}>
        {(row) => {
          const repair = (cells: Cells) => { repairing.mutate({ cells, version: row.version }); };
          return (
            <>
              {row.issues.filter(({ alias_id }) => alias_id !== null).map((issue) => (
                <Choice key={issue.alias_id} issue={issue} batchId={batch.id} here={repair} />
              ))}
              {/* The keys make the fields begin again with what a colleague has changed meanwhile. */}
              <Fields key={row.version} row={row} pending={repairing.isPending} repair={repair} cancel={done} />
              <History repairs={row.repairs} />
            </>
          );
        }}
      </Shown>
      {repairing.error && <Failure error={repairing.error} retry={() => { repairing.reset(); void query.refetch(); }} />}
    </Paper>
  );
}

interface FieldsProps {
  row: Schemas["RowDetailRead"];
  pending: boolean;
  repair: (cells: Cells) => void;
  cancel: () => void;
}

function Fields({ row, pending, repair, cancel }: FieldsProps) {
  const { t } = useTranslation("returns");
  const wrong = new Map(row.issues.filter(({ column }) => column !== null).map(({ column, message }) => [column, message]));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // A field has one line: breaks that the cell had are no change.
        const was = (name: string) => (row.raw[name] ?? "").replace(/[\r\n]/g, "");
        const cells = [...new FormData(event.currentTarget)].filter(([name, value]) => value !== was(name));
        if (cells.length > 0) repair(Object.fromEntries(cells) as Cells);
      }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs">
        {Object.entries(row.raw).map(([name, value]) => (
          <TextInput key={name} size="xs" name={name} label={name} defaultValue={value} error={wrong.get(name)} />
        ))}
      </SimpleGrid>
      <Group mt="sm">
        <Button type="submit" size="xs" loading={pending}>{t("row.save")}</Button>
        <Button size="xs" variant="default" onClick={cancel}>{t("row.cancel")}</Button>
      </Group>
    </form>
  );
}
