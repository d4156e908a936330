/** The figures of the page: which columns their tables have, and what their charts draw. */
import { answered, api, type Schemas } from "../api/client";
import { type Column, type ColumnKey, counted, type Figure } from "./figure";

const each = (...keys: ColumnKey[]): Column[] => keys.map((key) => ({ key, cases: key }));
const as = (key: ColumnKey, cases: string): Column => ({ key, cases });
const percent = (key: ColumnKey, cases: string): Column => ({ key, cases, unit: "percent" });
const days = (...keys: ColumnKey[]): Column[] => keys.map((key) => ({ key, cases: "disposed", unit: "days" }));

const BANDS = ["up_to_90_days", "up_to_180_days", "up_to_365_days", "up_to_730_days", "up_to_1095_days", "older"] as const;
const CAUSES = ["court", "party", "advocate", "prosecution", "witness", "external"] as const;

const matrix: Figure = {
  columns: each("begin_active", "new", "reopened", "reactivated", "transfer_in", "disposed", "reopened_disposed", "inactivated", "transfer_out", "end_active", "end_inactive"),
  chart: { kind: "default", series: ["new", "disposed", "end_active"] },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/matrix", { params: { query } }))),
  cases: (column, query) =>
    answered(api.GET("/api/v1/metrics/matrix/cases", { params: { query: { ...query, column: column as Schemas["MatrixColumn"] } } })),
};

const clearance: Figure = {
  columns: [
    as("clearance_numerator", "numerator"),
    as("clearance_denominator", "denominator"),
    percent("clearance_value", "numerator"),
    percent("ccr_value", "ccr_numerator"),
  ],
  chart: { kind: "default", series: ["clearance_value", "ccr_value"] },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/clearance", { params: { query } }))),
  cases: (column, query) =>
    answered(api.GET("/api/v1/metrics/clearance/cases", { params: { query: { ...query, column: column as Schemas["ClearanceColumn"] } } })),
};

const age: Figure = {
  columns: [...each("pending", ...BANDS), percent("over_standard_value", "numerator")],
  chart: { kind: "stacked", series: BANDS },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/pending-age", { params: { query } }))),
  cases: (column, query) =>
    answered(api.GET("/api/v1/metrics/pending-age/cases", { params: { query: { ...query, column: column as Schemas["PendingAgeColumn"] } } })),
};

const backlog: Figure = {
  columns: [
    ...each("pending"),
    as("over_1_year_numerator", "over_1_year"),
    percent("over_1_year_value", "over_1_year"),
    as("over_3_years_numerator", "over_3_years"),
    percent("over_3_years_value", "over_3_years"),
    ...each("crossed_1_year", "crossed_3_years"),
  ],
  chart: { kind: "default", series: ["pending", "over_1_year_numerator", "over_3_years_numerator"] },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/backlog", { params: { query } }))),
  cases: (column, query) =>
    answered(api.GET("/api/v1/metrics/backlog/cases", { params: { query: { ...query, column: column as Schemas["BacklogColumn"] } } })),
};

const adjournments: Figure = {
  columns: [
    as("adjourned_denominator", "denominator"),
    as("adjourned_numerator", "numerator"),
    percent("adjourned_value", "numerator"),
    ...CAUSES.map((cause) => as(`by_cause_${cause}`, `by_${cause}`)),
    as("by_cause_not_stated", "not_stated"),
  ],
  chart: { kind: "stacked", series: [...CAUSES.map((cause) => `by_cause_${cause}` as const), "by_cause_not_stated"] },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/adjournments", { params: { query } }))),
  cases: (column, query) =>
    answered(api.GET("/api/v1/metrics/adjournments/cases", { params: { query: { ...query, column: column as Schemas["AdjournmentsColumn"] } } })),
};

const disposition: Figure = {
  columns: [...each("disposed"), percent("within_standard_value", "numerator"), ...days("median", "p75", "p90", "p98")],
  chart: { kind: "default", series: ["median", "p90"] },
  load: async (query) => counted(await answered(api.GET("/api/v1/metrics/time-to-disposition", { params: { query } }))),
  cases: (column, query) =>
    answered(
      api.GET("/api/v1/metrics/time-to-disposition/cases", { params: { query: { ...query, column: column as Schemas["TimeToDispositionColumn"] } } }),
    ),
};

export const FIGURES = { matrix, clearance, age, backlog, adjournments, disposition } as const;
export type FigureName = keyof typeof FIGURES;
