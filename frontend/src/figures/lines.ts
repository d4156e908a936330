/** How lines are named, and where their numbers lead. */
import { useTranslation } from "react-i18next";
import type { FigureName } from "./catalogue";
import type { Column, Line } from "./figure";
import { type CasesSearch, casesQuery } from "./route";

export function useLineName(): (line: Line) => string {
  const { t } = useTranslation("figures");
  return ({ group }) => {
    if (group === undefined) return t("total");
    const named = group.court ?? group.category ?? group.case_type;
    const other = group.month ?? group.fiscal_year ?? group.judge?.name;
    return named?.name ?? other ?? t("nobody");
  };
}

/** The list as the API links it: of this group and these days, as known at the same moment. */
export function casesOf(figure: FigureName, column: Column, line: Line): CasesSearch {
  const link = new URL(line.casesUrl, location.origin).searchParams;
  return { ...casesQuery(Object.fromEntries(link)), figure, column: column.cases };
}
