/** The returns that were sent, the newest first. */
import { Group, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { EndlessList, useEndless } from "../parts/endless";
import { State } from "./State";

type BatchRead = Schemas["BatchRead"];

export function History() {
  const { t } = useTranslation("returns");
  const list = useEndless<BatchRead>(["imports"], (cursor) => answered(api.GET("/api/v1/imports", { params: { query: { cursor } } })));
  return (
    <section>
      <Title order={2} size="h4" mb="xs">{t("history.title")}</Title>
      <EndlessList query={list} empty={t("history.none")}>
        {(batches) => batches.map((batch) => <Line key={batch.id} batch={batch} />)}
      </EndlessList>
    </section>
  );
}

function Line({ batch }: { batch: BatchRead }) {
  const { t } = useTranslation("returns");
  const { moment } = useDates();
  const { read, held, rejected } = batch.counts;
  const facts = [
    moment(batch.created_at),
    batch.uploaded_by?.name,
    t("history.rows", { count: read }),
    held > 0 && t("history.held", { count: held }),
    rejected > 0 && t("history.rejected", { count: rejected }),
  ];
  return (
    <Group className="result" justify="space-between" component="article">
      <div className="narrow">
        <Link to="/returns/$batchId" params={{ batchId: batch.id }}>{batch.filename}</Link>
        <Text size="sm">{facts.filter(Boolean).join(" · ")}</Text>
      </div>
      <State batch={batch} />
    </Group>
  );
}
