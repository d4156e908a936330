/** What the page knows of a figure: its values as one flat line, and its columns with their cases. */
import type { Schemas } from "../api/client";
import type en from "./en.json";

export type ColumnKey = keyof typeof en.columns;
export type Values = Readonly<Partial<Record<ColumnKey, number | null>>>;

export interface Line {
  readonly group?: Schemas["GroupRead"];
  readonly casesUrl: string;
  readonly values: Values;
}

export interface Counted {
  readonly lines: readonly Line[];
  readonly totals: Line;
  readonly excluded: readonly Schemas["ExcludedRead"][];
}

export interface FigureQuery {
  from: string;
  to: string;
  known_on?: string;
  court?: string;
  group_by: Schemas["Dimension"][];
}

/** The parameters of a list of cases, as the API's links have them. */
export type CasesQuery = Partial<
  Record<"court" | "category" | "case_type" | "judge" | "from" | "to" | "as_of" | "known_on", string>
>;

export interface Column {
  readonly key: ColumnKey;
  /** The list that the number opens; a percentile's is of all that it describes. */
  readonly cases: string;
  readonly unit?: "percent" | "days";
}

export interface Figure {
  readonly columns: readonly Column[];
  readonly chart: { readonly kind: "default" | "stacked"; readonly series: readonly ColumnKey[] };
  readonly load: (query: FigureQuery) => Promise<Counted>;
  readonly cases: (column: string, query: CasesQuery & { cursor?: string }) => Promise<Schemas["CountedCasePage"]>;
}

interface LineRead {
  cases_url: string;
}

export interface FigureRead {
  items: (LineRead & { group: Schemas["GroupRead"] })[];
  totals: LineRead;
  excluded: Schemas["ExcludedRead"][];
}

export function counted({ items, totals, excluded }: FigureRead): Counted {
  return { lines: items.map((item) => ({ ...line(item), group: item.group })), totals: line(totals), excluded };
}

function line(read: LineRead): Line {
  return { casesUrl: read.cases_url, values: Object.fromEntries(flat(read)) };
}

/** Nested values by their path: `clearance: {value}` is `clearance_value`. */
export function flat(values: object, prefix = ""): [string, number | null][] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (key === "group") return [];
    if (typeof value === "number" || value === null) return [[prefix + key, value]];
    return typeof value === "object" ? flat(value, `${prefix}${key}_`) : [];
  });
}
