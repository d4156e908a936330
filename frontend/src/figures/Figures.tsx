import { Button, Group, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useDates } from "../parts/dates";
import { Page } from "../parts/page";
import { Empty, Loading, Shown } from "../parts/states";
import { FIGURES, type FigureName } from "./catalogue";
import { Exports } from "./Exports";
import type { Counted } from "./figure";
import { FigureTable } from "./FigureTable";
import { Filters } from "./Filters";
import { daysOf, fiscalYears } from "./period";
import type { FiguresSearch } from "./route";

const FigureChart = lazy(async () => ({ default: (await import("./FigureChart")).FigureChart }));
const route = getRouteApi("/console/figures");

export type Wanted = Required<Pick<FiguresSearch, "figure" | "period" | "group">> & Pick<FiguresSearch, "court" | "known_on">;

export function Figures() {
  const { t } = useTranslation("figures");
  const { day } = useDates();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const wanted: Wanted = { figure: "matrix", period: fiscalYears()[0] ?? "", group: "court", ...defined(search) };
  const days = daysOf(wanted.period);
  const query = { ...days, group_by: [wanted.group], court: wanted.court, known_on: wanted.known_on };
  const figure = useQuery({
    queryKey: ["figures", wanted.figure, query],
    queryFn: async () => ({ name: wanted.figure, counted: await FIGURES[wanted.figure].load(query) }),
    placeholderData: keepPreviousData,
  });
  const about = t("shown", { from: day(days.from), to: day(days.to) });
  const known = wanted.known_on && t("known", { day: day(wanted.known_on) });
  return (
    <Page title={t("title")} actions={<Button className="no-print" variant="default" onClick={() => { window.print(); }}>{t("print")}</Button>}>
      <Filters wanted={wanted} set={(part) => void navigate({ search: { ...search, ...part }, replace: true })} />
      <Text>{[t(`figures.${wanted.figure}`), about, known].filter(Boolean).join(" · ")}</Text>
      <Shown query={figure}>{(found) => <Found name={found.name} counted={found.counted} />}</Shown>
      <Exports wanted={wanted} />
    </Page>
  );
}

function defined(search: FiguresSearch): FiguresSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

function Found({ name, counted }: { name: FigureName; counted: Counted }) {
  const { t } = useTranslation("figures");
  if (counted.lines.length === 0) return <Empty>{t("empty")}</Empty>;
  return (
    <Stack>
      <Suspense fallback={<Loading />}><FigureChart name={name} lines={counted.lines} /></Suspense>
      <FigureTable name={name} counted={counted} />
      <Group>
        {counted.excluded.map(({ reason, count }) => (
          <Text key={reason} size="sm">{count === null ? t("excludedSome", { reason }) : t("excluded", { reason, number: count })}</Text>
        ))}
      </Group>
    </Stack>
  );
}
