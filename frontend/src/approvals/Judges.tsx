/** The judges; two records of one judge are merged after a look at both. */
import { Badge, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { Dialog } from "../parts/dialog";
import { EndlessList, useEndless } from "../parts/endless";
import { Merge } from "./Merge";

type Judge = Schemas["JudgeRead"];

export function Judges() {
  const { t } = useTranslation("approvals");
  const [merging, setMerging] = useState<Judge | null>(null);
  const close = () => { setMerging(null); };
  const list = useEndless<Judge>(["judges"], (cursor) => answered(api.GET("/api/v1/judges", { params: { query: { cursor } } })));
  return (
    <>
      <EndlessList query={list} empty={t("judge.none")}>
        {(judges) => judges.map((judge) => <Line key={judge.id} judge={judge} merge={() => { setMerging(judge); }} />)}
      </EndlessList>
      <Dialog opened={merging !== null} close={close} title={merging && t("merge.title", { name: merging.display_name })}>
        {merging && <Merge judge={merging} done={close} />}
      </Dialog>
    </>
  );
}

function Line({ judge, merge }: { judge: Judge; merge: () => void }) {
  const { t } = useTranslation("approvals");
  const merged = judge.merged_into_id !== null;
  return (
    <Group className="result" justify="space-between" component="article">
      <Group gap="xs">
        <Text>{judge.display_name}</Text>
        <Badge variant="outline" color="gray" className="badge">{t(`cadre.${judge.cadre}`)}</Badge>
        {merged && <Badge variant="outline" color="gray" className="badge">{t("judge.merged")}</Badge>}
      </Group>
      {!merged && judge.cadre !== "placeholder" && (
        <Button size="compact-sm" variant="default" onClick={merge} aria-label={t("merge.title", { name: judge.display_name })}>{t("merge.action")}</Button>
      )}
    </Group>
  );
}
