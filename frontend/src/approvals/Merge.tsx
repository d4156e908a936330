import { Alert, Button, NativeSelect, Text, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { choices, useJudges } from "../api/vocabulary";
import { fieldsOf, optional, useForm } from "../parts/form";
import { Failure, Shown } from "../parts/states";
import type { Compared } from "./sides";
import { TwoSides } from "./Sides";

type Judge = Schemas["JudgeRead"];

interface Props {
  judge: Judge;
  done: () => void;
}

/** Which record stays; both are shown before anything moves. */
export function Merge({ judge, done }: Props) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const judges = useJudges();
  const others = judges.filter(({ id }) => id !== judge.id);
  const [into, setInto] = useState("");
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [proposed, setProposed] = useState(false);
  const form = useForm(
    async (data) => {
      const params = { path: { judge_id: judge.id }, header: once(key) };
      return (await api.POST("/api/v1/judges/{judge_id}/merge", { params, body: { into_id: into, reason: optional(data, "reason") } })).response.status;
    },
    (status) => {
      if (status === 202) { setProposed(true); return; }
      void client.invalidateQueries();
      done();
    },
  );
  const errors = fieldsOf(form.error);
  const other = others.find(({ id }) => id === into);
  if (proposed) return <Alert color="green" role="status">{t("proposed")}</Alert>;
  return (
    <form onSubmit={form.submit} onChange={() => { setKey(crypto.randomUUID()); }}>
      <Text size="sm">{t("merge.text")}</Text>
      <NativeSelect mt="sm" label={t("merge.into")} value={into} error={errors.into_id} required data={[{ value: "", label: t("spelling.pick") }, ...choices(others, ({ display_name }) => display_name)]} onChange={(event) => { setInto(event.currentTarget.value); }} />
      {other && <Preview judge={judge} other={other} />}
      <Textarea mt="sm" name="reason" label={t("merge.reason")} error={errors.reason} />
      {form.error && <Failure error={form.error} />}
      <Button type="submit" mt="md" disabled={!other} loading={form.pending}>{t("merge.action")}</Button>
    </form>
  );
}

/** What both records say, with where they sit and how many cases they lead. */
function Preview({ judge, other }: { judge: Judge; other: Judge }) {
  const { t } = useTranslation("approvals");
  const query = useQuery({
    queryKey: ["judges", "merge", judge.id, other.id],
    queryFn: () => Promise.all([known(judge), known(other)]),
  });
  return (
    <Shown query={query}>
      {([mine, theirs]) => {
        const rows: Compared[] = Object.keys(mine).map((field) => ({ field, now: mine[field], then: theirs[field] }));
        return <TwoSides rows={rows} now={t("merge.goes")} then={t("merge.stays")} />;
      }}
    </Shown>
  );
}

async function known({ id, display_name, cadre, pj_number }: Judge): Promise<Record<string, unknown>> {
  const { items } = await answered(api.GET("/api/v1/judges/{judge_id}/postings", { params: { path: { judge_id: id } } }));
  return { name: display_name, cadre, pj_number, courts: items.map(({ court_id }) => court_id) };
}
