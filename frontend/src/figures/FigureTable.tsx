import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FIGURES, type FigureName } from "./catalogue";
import type { Column, Counted, Line } from "./figure";
import { casesOf, useLineName } from "./lines";

/** The chart's numbers and the rest, each of which opens its cases. */
export function FigureTable({ name, counted }: { name: FigureName; counted: Counted }) {
  const { t } = useTranslation("figures");
  const { columns } = FIGURES[name];
  return (
    <Table.ScrollContainer minWidth={320} maxHeight="80vh" type="native" className="sticky" tabIndex={0} role="group" aria-label={t("scrolls", { figure: t(`figures.${name}`) })}>
      <Table striped stickyHeader aria-label={t(`figures.${name}`)}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td className="sticky-first" />
            {columns.map(({ key }) => <Table.Th key={key} scope="col">{t(`columns.${key}`)}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {counted.lines.map((line) => <Row key={line.casesUrl} name={name} line={line} columns={columns} />)}
        </Table.Tbody>
        <Table.Tfoot>
          <Row name={name} line={counted.totals} columns={columns} />
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  name: FigureName;
  line: Line;
  columns: readonly Column[];
}

function Row({ name, line, columns }: RowProps) {
  const lineName = useLineName();
  return (
    <Table.Tr>
      <Table.Th scope="row" className="sticky-first">{lineName(line)}</Table.Th>
      {columns.map((column) => (
        <Table.Td key={column.key}><Value name={name} line={line} column={column} /></Table.Td>
      ))}
    </Table.Tr>
  );
}

function Value({ name, line, column }: { name: FigureName; line: Line; column: Column }) {
  const { t, i18n } = useTranslation("figures");
  const value = line.values[column.key] ?? null;
  if (value === null) return "–";
  const number = new Intl.NumberFormat(i18n.language).format(value);
  const shown = column.unit === undefined ? number : t(`units.${column.unit}`, { value: number });
  if (value === 0) return shown;
  return <Link to="/figures/cases" search={casesOf(name, column, line)}>{shown}</Link>;
}
