/** Cases of a search: any spelling of a number finds the likeliest; filters list all that fit. */
import { Badge, Group, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { ListEnd, useEndless } from "../parts/endless";
import { Empty, Shown } from "../parts/states";
import type { FindSearch } from "./route";

type Case = Schemas["CaseRead"];

export function Results({ search }: { search: FindSearch }) {
  const { q, ...filters } = search;
  // A number alone is looked up; with filters, it is one of them.
  const number = Object.values<unknown>(filters).some(Boolean) ? undefined : q;
  const found = useQuery({
    queryKey: ["cases", "lookup", number],
    queryFn: async () => (await answered(api.GET("/api/v1/cases/lookup", { params: { query: { number: number ?? "" } } }))).items,
    enabled: number !== undefined,
    placeholderData: keepPreviousData,
  });
  const likely = number === undefined ? [] : (found.data ?? []);
  return (
    <Stack gap="xs">
      {number !== undefined && (
        <Shown query={found}>{(items) => items.map((item) => <Row key={item.case.id} found={item.case} />)}</Shown>
      )}
      <Listed search={search} without={new Set(likely.map((item) => item.case.id))} />
    </Stack>
  );
}

function Listed({ search, without }: { search: FindSearch; without: ReadonlySet<string> }) {
  const { t } = useTranslation("find");
  const list = useEndless<Case>(["cases", "list", search], (cursor) =>
    answered(api.GET("/api/v1/cases", { params: { query: { ...search, sort: search.sort ?? "-filed_on", cursor } } })),
  );
  return (
    <Shown query={list}>
      {(all) => {
        const rest = all.filter(({ id }) => !without.has(id));
        if (rest.length + without.size === 0) return <Empty>{t("none")}</Empty>;
        return (
          <>
            {rest.map((found) => <Row key={found.id} found={found} />)}
            <ListEnd query={list} count={rest.length + without.size} />
          </>
        );
      }}
    </Shown>
  );
}

function Row({ found }: { found: Case }) {
  const { t } = useTranslation("find");
  const { day } = useDates();
  return (
    <Group className="result" justify="space-between" component="article">
      <div>
        <Link to="/cases/$caseId" params={{ caseId: found.id }}>{found.number}</Link>
        <Text size="sm">{found.court.name} · {found.case_type.name} · {t("filedOn", { day: day(found.filed_on) })}</Text>
      </div>
      <Badge variant="outline">{t(`status.${found.status}`)}</Badge>
    </Group>
  );
}
