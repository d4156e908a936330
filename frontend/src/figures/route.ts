import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";
import { isDay } from "../parts/dates";
import { FIGURES, type FigureName } from "./catalogue";
import type { CasesQuery } from "./figure";
import { isPeriod } from "./period";

export const DIMENSIONS = ["court", "category", "case_type", "judge", "month", "fiscal_year"] as const;

/** What is counted, which is the page's address. */
export interface FiguresSearch {
  figure?: FigureName;
  period?: string;
  group?: (typeof DIMENSIONS)[number];
  court?: string;
  known_on?: string;
}

/** The list behind one number. */
export interface CasesSearch extends CasesQuery {
  figure: FigureName;
  column: string;
}

type Given = Record<string, unknown>;
const words = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const figureOf = (value: unknown) => (Object.keys(FIGURES) as FigureName[]).find((name) => name === value);

export const figuresRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/figures",
  validateSearch: (given: Given): FiguresSearch => ({
    figure: figureOf(given.figure),
    period: isPeriod(given.period) ? given.period : undefined,
    group: DIMENSIONS.find((each) => each === given.group),
    court: words(given.court),
    known_on: isDay(given.known_on) ? given.known_on : undefined,
  }),
  component: lazyRouteComponent(() => withTexts("figures", import("./Figures")), "Figures"),
});

const KEYS = ["court", "category", "case_type", "judge", "from", "to", "as_of", "known_on"] as const;

export function casesQuery(given: Given): CasesQuery {
  return Object.fromEntries(KEYS.map((key) => [key, words(given[key])]).filter(([, value]) => value !== undefined)) as CasesQuery;
}

export const figureCasesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/figures/cases",
  validateSearch: (given: Given): CasesSearch => {
    const figure = figureOf(given.figure) ?? "matrix";
    const known = FIGURES[figure].columns.map(({ cases }) => cases);
    return { ...casesQuery(given), figure, column: known.find((each) => each === given.column) ?? known[0] ?? "" };
  },
  component: lazyRouteComponent(() => withTexts("figures", import("./Cases")), "Cases"),
});
