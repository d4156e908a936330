import { Alert, Group, Progress, Tabs, Text } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { Page } from "../parts/page";
import { Shown } from "../parts/states";
import { hasRole, useUser } from "../session/store";
import { Actions } from "./Actions";
import { Changes } from "./Changes";
import { isRunning, useBatch } from "./following";
import { TABS } from "./route";
import { Rows } from "./Rows";
import { State } from "./State";

const route = getRouteApi("/console/returns/$batchId");

export function Batch() {
  const { t } = useTranslation("returns");
  const { batchId } = route.useParams();
  const { tab = "rows" } = route.useSearch();
  const navigate = route.useNavigate();
  const writes = hasRole(useUser(), "data_entry", "admin");
  return (
    <Shown query={useBatch(batchId)}>
      {(batch) => (
        <Page title={batch.filename} actions={writes && <Actions batch={batch} />}>
          <Facts batch={batch} />
          <Tabs value={tab} keepMounted={false} onChange={(next) => void navigate({ search: { tab: TABS.find((each) => each === next) }, replace: true })}>
            <Tabs.List>
              {TABS.map((each) => <Tabs.Tab key={each} value={each}>{t(`tabs.${each}`)}</Tabs.Tab>)}
            </Tabs.List>
            <Tabs.Panel value="rows" pt="sm"><Rows batch={batch} /></Tabs.Panel>
            <Tabs.Panel value="changes" pt="sm"><Changes batch={batch} /></Tabs.Panel>
          </Tabs>
        </Page>
      )}
    </Shown>
  );
}

function Facts({ batch }: { batch: Schemas["BatchRead"] }) {
  const { t } = useTranslation("returns");
  const { moment } = useDates();
  const { done, total } = batch.progress;
  return (
    <>
      <Text size="sm"><Link to="/returns">{t("back")}</Link></Text>
      <Group gap="sm" role="status">
        <State batch={batch} />
        <Text size="sm">{t("progress", { done, total })}</Text>
        <Text size="sm">{[batch.uploaded_by?.name, moment(batch.created_at)].filter(Boolean).join(" · ")}</Text>
      </Group>
      {isRunning(batch) && <Progress value={total === 0 ? 0 : (done / total) * 100} aria-label={t("progressName")} />}
      {batch.error && <Alert color="red" role="alert" title={t("failed")}>{batch.error.message}</Alert>}
    </>
  );
}
