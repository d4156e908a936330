import { Button, Group, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { choices, useOwnCourts } from "../api/vocabulary";
import { isDay, today } from "../parts/dates";
import { Page } from "../parts/page";
import { Loading } from "../parts/states";
import { CauseList } from "./CauseList";
import type { TodaySearch } from "./route";

const route = getRouteApi("/console/today");

export function Today() {
  const { t } = useTranslation("today");
  const courts = useOwnCourts("data_entry", "admin", "viewer");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: TodaySearch) => void navigate({ search: { ...search, ...part }, replace: true });
  const court = search.court ?? courts[0]?.id;
  const on = search.on ?? today();
  return (
    <Page title={t("title")} actions={<Button className="no-print" variant="default" onClick={() => { window.print(); }}>{t("print")}</Button>}>
      <Group align="end" className="no-print">
        <NativeSelect label={t("court")} value={court} data={choices(courts, ({ name }) => name)} onChange={(event) => { set({ court: event.currentTarget.value }); }} />
        <TextInput type="date" label={t("day")} value={on} onChange={({ currentTarget: { value } }) => { if (isDay(value)) set({ on: value }); }} />
        <SegmentedControl
          aria-label={t("which")}
          value={search.list ?? "all"}
          data={[{ value: "all", label: t("all") }, { value: "missing", label: t("missing") }]}
          onChange={(value) => { set({ list: value === "missing" ? value : undefined }); }}
        />
      </Group>
      {court === undefined ? <Loading /> : <CauseList court={court} on={on} missing={search.list === "missing"} />}
    </Page>
  );
}
