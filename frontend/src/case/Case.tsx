import { Alert, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api } from "../api/client";
import { Page } from "../parts/page";
import { Shown } from "../parts/states";
import { hasRole, useUser } from "../session/store";
import { Actions } from "./Actions";
import { Facts } from "./Facts";
import { Judges } from "./Judges";
import { Links } from "./Links";
import { Hearings, Timeline, Versions } from "./lists";
import { TABS } from "./route";

const route = getRouteApi("/console/cases/$caseId");
const LISTS = { timeline: Timeline, hearings: Hearings, judges: Judges, links: Links, versions: Versions };

export function Case() {
  const { t } = useTranslation("case");
  const { caseId } = route.useParams();
  const { tab = "timeline" } = route.useSearch();
  const navigate = route.useNavigate();
  const writes = hasRole(useUser(), "data_entry", "admin");
  const path = { case_id: caseId };
  const query = useQuery({
    queryKey: ["case", caseId, "facts"],
    queryFn: () => answered(api.GET("/api/v1/cases/{case_id}", { params: { path } })),
  });
  return (
    <Shown query={query}>
      {(shown) => (
        <Page title={shown.number} actions={writes && <Actions shown={shown} />}>
          {shown.sealed && <Alert color="orange" title={t("sealed.title")}>{t("sealed.text")}</Alert>}
          <Facts shown={shown} />
          <Tabs value={tab} keepMounted={false} onChange={(next) => void navigate({ search: { tab: TABS.find((each) => each === next) }, replace: true })}>
            <Tabs.List className="no-print">
              {TABS.map((each) => <Tabs.Tab key={each} value={each}>{t(`tabs.${each}`)}</Tabs.Tab>)}
            </Tabs.List>
            {TABS.map((each) => {
              const List = LISTS[each];
              return <Tabs.Panel key={each} value={each} pt="sm"><List caseId={caseId} /></Tabs.Panel>;
            })}
          </Tabs>
        </Page>
      )}
    </Shown>
  );
}
