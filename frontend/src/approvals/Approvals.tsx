import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page";
import { Judges } from "./Judges";
import { Proposals } from "./Proposals";
import { TABS } from "./route";
import { Spellings } from "./Spellings";
import { Vocabulary } from "./Vocabulary";

const route = getRouteApi("/console/approvals");
const LISTS = { proposals: Proposals, spellings: Spellings, judges: Judges, vocabulary: Vocabulary };

export function Approvals() {
  const { t } = useTranslation("approvals");
  const { tab = "proposals" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t("title")}>
      <Tabs value={tab} keepMounted={false} onChange={(next) => void navigate({ search: { tab: TABS.find((each) => each === next) }, replace: true })}>
        <Tabs.List>
          {TABS.map((each) => <Tabs.Tab key={each} value={each}>{t(`tabs.${each}`)}</Tabs.Tab>)}
        </Tabs.List>
        {TABS.map((each) => {
          const List = LISTS[each];
          return <Tabs.Panel key={each} value={each} pt="sm"><List /></Tabs.Panel>;
        })}
      </Tabs>
    </Page>
  );
}
