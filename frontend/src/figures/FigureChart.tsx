import "@mantine/charts/styles.css";
import { BarChart, type BarChartSeries } from "@mantine/charts";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FIGURES, type FigureName } from "./catalogue";
import type { Line } from "./figure";
import { casesOf, useLineName } from "./lines";

const COLOURS = ["blue.6", "teal.6", "orange.6", "grape.6", "red.6", "indigo.6", "gray.6"];
const HEIGHT = 320;

/** A bar opens its cases by the pointer; for keyboards and readers, the table has the same links. */
export function FigureChart({ name, lines }: { name: FigureName; lines: readonly Line[] }) {
  const { t } = useTranslation("figures");
  const lineName = useLineName();
  const navigate = useNavigate();
  const { chart, columns } = FIGURES[name];
  const unit = columns.find(({ key }) => key === chart.series[0])?.unit;
  const series = chart.series.map((key, at) => ({ name: key, label: t(`columns.${key}`), color: COLOURS[at] ?? "gray.6" }));
  const open = (key: string, at: number) => {
    const column = columns.find((each) => each.key === key);
    const line = lines[at];
    if (column && line) void navigate({ to: "/figures/cases", search: casesOf(name, column, line) });
  };
  return (
    <div role="img" aria-label={t("chart", { figure: t(`figures.${name}`) })}>
      <BarChart
        h={HEIGHT}
        data={lines.map((line) => ({ ...line.values, line: lineName(line) }))}
        dataKey="line"
        series={series}
        type={chart.kind}
        withLegend
        legendProps={{ itemSorter: null }}
        maxBarWidth={48}
        valueFormatter={(value) => (unit === undefined ? String(value) : t(`units.${unit}`, { value }))}
        barChartProps={{ accessibilityLayer: false }}
        barProps={(bar: BarChartSeries) => ({
          cursor: "pointer",
          isAnimationActive: false,
          onClick: (_bar, index) => { open(bar.name, index); },
        })}
      />
    </div>
  );
}
