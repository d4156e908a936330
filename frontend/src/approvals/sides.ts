/** What a proposal is about as it is now, and what it would become, field by field. */
import { answered, api, type Schemas } from "../api/client";

export type Request = Schemas["ChangeRequestRead"];
export type Fields = Readonly<Record<string, unknown>>;

export interface Compared {
  field: string;
  now: unknown;
  then: unknown;
}

const JUDGE_FIELDS = ["display_name", "cadre", "pj_number"] as const;
const ACTIVITY_FIELDS = ["activity_on", "activity_type_id", "outcome_id", "next_on", "judge_ids", "details"] as const;

function row(id: string) {
  return { params: { path: { row_id: id } } };
}

const ROWS: Readonly<Record<string, (id: string) => Promise<Fields>>> = {
  courts: (id) => answered(api.GET("/api/v1/courts/{row_id}", row(id))),
  judges: (id) => answered(api.GET("/api/v1/judges/{row_id}", row(id))),
  case_types: (id) => answered(api.GET("/api/v1/case-types/{row_id}", row(id))),
  outcomes: (id) => answered(api.GET("/api/v1/outcomes/{row_id}", row(id))),
  activity_types: (id) => answered(api.GET("/api/v1/activity-types/{row_id}", row(id))),
  adjournment_reasons: (id) => answered(api.GET("/api/v1/adjournment-reasons/{row_id}", row(id))),
  import_batches: (id) => answered(api.GET("/api/v1/imports/{batch_id}", { params: { path: { batch_id: id } } })),
};

async function spelling(id: string): Promise<string> {
  const query = { state: "pending", sort: "waiting", limit: 200 } as const;
  const { items } = await answered(api.GET("/api/v1/aliases", { params: { query } }));
  return items.find((each) => each.id === id)?.raw ?? id;
}

function differing(now: Fields, then: Fields, names: readonly string[]): Compared[] {
  return names.map((field) => ({ field, now: now[field] ?? null, then: then[field] ?? null }));
}

/** By the kind of the proposal; what it leaves as it is, is not shown. */
export async function compared(request: Request): Promise<Compared[]> {
  const { kind, terms } = request;
  const id = request.entity_id ?? "";
  if (kind === "alias_accept" || kind === "alias_reject") {
    return [{ field: await spelling(id), now: null, then: terms.target_id ?? null }];
  }
  if (kind === "merge" && typeof terms.into_id === "string") {
    const [from, into] = await Promise.all([id, terms.into_id].map((each) => answered(api.GET("/api/v1/judges/{row_id}", row(each)))));
    return differing({ ...from }, { ...into }, JUDGE_FIELDS);
  }
  if (request.activity_id !== null) {
    const activity: Fields = await answered(api.GET("/api/v1/activities/{activity_id}", { params: { path: { activity_id: request.activity_id } } }));
    return differing(activity, {}, ACTIVITY_FIELDS).filter(({ now }) => now !== null);
  }
  if (kind === "transfer" && request.case_id !== null) {
    const now = await answered(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: request.case_id } } }));
    const { to_court_id, ...rest } = terms;
    return [{ field: "court", now: now.court.name, then: to_court_id }, ...differing({}, rest, Object.keys(rest))];
  }
  if (kind === "status" && request.case_id !== null) {
    const now: Fields = await answered(api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: request.case_id } } }));
    return differing(now, terms, Object.keys(terms));
  }
  if (kind === "import_revert") {
    const { filename, state } = (await ROWS.import_batches?.(id)) ?? {};
    return [{ field: String(filename), now: state, then: "reverted" }];
  }
  const now = request.entity_id === null ? {} : ((await ROWS[request.entity ?? ""]?.(id)) ?? {});
  return differing(now, terms, Object.keys(terms));
}
