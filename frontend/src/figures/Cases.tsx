import { Table, Text } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { EndlessList, useEndless } from "../parts/endless";
import { Page } from "../parts/page";
import { FIGURES } from "./catalogue";

const route = getRouteApi("/console/figures/cases");

/** The cases behind one number. */
export function Cases() {
  const { t } = useTranslation("figures");
  const { day } = useDates();
  const { figure, column, ...query } = route.useSearch();
  const { columns, cases } = FIGURES[figure];
  const list = useEndless(["figures", figure, "cases", column, query], (cursor) => cases(column, { ...query, cursor }));
  const shown = columns.find((each) => each.cases === column)?.key ?? "pending";
  const days = query.from && query.to ? t("shown", { from: day(query.from), to: day(query.to) }) : "";
  return (
    <Page title={t("cases.title", { figure: t(`figures.${figure}`), column: t(`columns.${shown}`) })}>
      <Text>{days}</Text>
      <Link className="no-print" to="/figures" search={{ figure }}>{t("cases.back")}</Link>
      <EndlessList query={list} empty={t("cases.empty")}>
        {(items) => (
          <CaseTable items={items} />
        )}
      </EndlessList>
    </Page>
  );
}

function CaseTable({ items }: { items: Schemas["CountedCaseRead"][] }) {
  const { t } = useTranslation("figures");
  const { day } = useDates();
  const heads = ["number", "court", "type", "filed", "counted"] as const;
  return (
    <Table.ScrollContainer minWidth={320} type="native">
      <Table striped>
        <Table.Thead>
          <Table.Tr>{heads.map((head) => <Table.Th key={head} scope="col">{t(`cases.${head}`)}</Table.Th>)}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={`${item.id} ${item.counted_on}`}>
              <Table.Td><Link to="/cases/$caseId" params={{ caseId: item.id }}>{item.number}</Link></Table.Td>
              <Table.Td>{item.court.name}</Table.Td>
              <Table.Td>{item.case_type.name}</Table.Td>
              <Table.Td>{day(item.filed_on)}</Table.Td>
              <Table.Td>{day(item.counted_on)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
