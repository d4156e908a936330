/** Spellings that are not decided, those first for which most rows wait. */
import { Alert, Badge, Button, Group, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { EndlessList, useEndless } from "../parts/endless";
import { useMeanings } from "../parts/names";
import { Failure } from "../parts/states";

type Alias = Schemas["AliasRead"];

export function Spellings() {
  const { t } = useTranslation("approvals");
  const list = useEndless<Alias>(["aliases", "pending"], (cursor) =>
    answered(api.GET("/api/v1/aliases", { params: { query: { state: "pending", sort: "waiting", cursor } } })),
  );
  return (
    <EndlessList query={list} empty={t("spelling.none")}>
      {(aliases) => aliases.map((alias) => <Spelling key={alias.id} alias={alias} />)}
    </EndlessList>
  );
}

/** One spelling to decide; `meaning` is chosen already where it is asked about one entry. */
export function Spelling({ alias, meaning }: { alias: Alias; meaning?: string }) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const meanings = useMeanings(alias.kind, alias.candidates);
  const [chosen, setChosen] = useState(meaning ?? alias.candidates[0]?.target_id ?? "");
  const deciding = useMutation({
    mutationFn: async (target: string | null) => {
      const params = { path: { alias_id: alias.id }, header: once(crypto.randomUUID()) };
      const call = target === null
        ? api.POST("/api/v1/aliases/{alias_id}/reject", { params, body: {} })
        : api.POST("/api/v1/aliases/{alias_id}/accept", { params, body: { target_id: target } });
      return (await call).response.status;
    },
    onSuccess: (status) => (status === 202 ? undefined : client.invalidateQueries()),
  });
  return (
    <article className="result" aria-label={alias.raw}>
      <Group gap="xs">
        <Text fw={700}>{alias.raw}</Text>
        <Badge variant="outline" color="gray" className="badge">{t(`alias.${alias.kind}`)}</Badge>
        <Text size="sm">{t("spelling.waiting", { count: alias.waiting_rows })}</Text>
      </Group>
      <Group mt="xs" align="end">
        <NativeSelect size="xs" label={t("spelling.means")} value={chosen} data={[{ value: "", label: t("spelling.pick") }, ...meanings]} onChange={(event) => { setChosen(event.currentTarget.value); }} />
        <Button size="xs" disabled={!chosen} loading={deciding.isPending} onClick={() => { deciding.mutate(chosen); }}>{t("spelling.accept")}</Button>
        <Button size="xs" variant="default" loading={deciding.isPending} onClick={() => { deciding.mutate(null); }}>{t("spelling.reject")}</Button>
      </Group>
      {deciding.data === 202 && <Alert color="green" role="status" mt="xs">{t("proposed")}</Alert>}
      {deciding.error && <Failure error={deciding.error} />}
    </article>
  );
}
