import { Alert, Button, Group, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once, type Schemas } from "../api/client";
import { useMeanings } from "../parts/names";
import { Failure } from "../parts/states";

type Issue = Schemas["IssueRead"];

interface Props {
  issue: Issue;
  batchId: string;
  here: (cells: Record<string, string>) => void;
}

/** What an unknown spelling means: in this row alone, or for every row that has it. */
export function Choice({ issue, batchId, here }: Props) {
  const { t } = useTranslation("returns");
  const client = useQueryClient();
  const column = issue.column ?? "";
  const meanings = useMeanings(kindOf(column), issue.candidates ?? []);
  const [chosen, setChosen] = useState(issue.candidates?.[0]?.target_id ?? "");
  const name = meanings.find(({ value }) => value === chosen)?.label;
  const deciding = useMutation({
    mutationFn: async (key: string) => {
      const params = { path: { alias_id: issue.alias_id ?? "" }, header: once(key) };
      return (await api.POST("/api/v1/aliases/{alias_id}/accept", { params, body: { target_id: chosen } })).response.status;
    },
    onSuccess: (status) => (status === 202 ? undefined : client.invalidateQueries({ queryKey: ["import", batchId] })),
  });
  if (deciding.data !== undefined) {
    return <Alert color="green" role="status" mb="sm">{t(deciding.data === 202 ? "choice.proposed" : "choice.decided")}</Alert>;
  }
  return (
    <div>
      <NativeSelect
        size="xs"
        label={t("choice.label", { value: issue.value ?? "" })}
        value={chosen}
        data={[{ value: "", label: t("choice.pick") }, ...meanings]}
        onChange={(event) => { setChosen(event.currentTarget.value); }}
      />
      <Group gap="xs" my="xs">
        <Button size="xs" disabled={!name} onClick={() => { if (name) here({ [column]: name }); }}>{t("choice.here")}</Button>
        <Button size="xs" variant="default" disabled={!name} loading={deciding.isPending} onClick={() => { deciding.mutate(crypto.randomUUID()); }}>
          {t("choice.everywhere")}
        </Button>
      </Group>
      <Text size="xs" mb="sm">{t("choice.help")}</Text>
      {deciding.error && <Failure error={deciding.error} />}
    </div>
  );
}

const KINDS: Readonly<Record<string, Schemas["AliasKind"]>> = { court: "court", case_type: "case_type", comingfor: "activity_type", outcome: "outcome", reason_adj: "reason" };

function kindOf(column: string): Schemas["AliasKind"] {
  return KINDS[column] ?? "judge";
}
