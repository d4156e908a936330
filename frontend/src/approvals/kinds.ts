/** The kinds of the vocabulary: how each is read, made and changed. */
import { answered, api, ifMatch, once, type Schemas } from "../api/client";
import { whole } from "../api/vocabulary";
import type { KeysetPage } from "../parts/endless";
import type { Body, Values } from "../parts/values";

export const KINDS = ["courts", "judges", "types", "activities", "outcomes", "reasons"] as const;
export type Kind = (typeof KINDS)[number];
export type Entry = Values & { id: string; version: number; is_active: boolean };

interface At {
  version: number;
  key: string;
}
type Sent = Promise<{ data?: unknown; response: Response }>;

interface Way {
  /** The kind of the spellings that mean one of these. */
  spelling: Schemas["AliasKind"];
  all: () => Promise<Entry[]>;
  read: (id: string) => Promise<Entry>;
  add: (body: Body, at: At) => Sent;
  change: (id: string, body: Body, at: At) => Sent;
}

type Path = "/api/v1/courts" | "/api/v1/judges" | "/api/v1/case-types" | "/api/v1/activity-types" | "/api/v1/outcomes" | "/api/v1/adjournment-reasons";

/** The six have one shape of path; what their bodies hold, the fields of their forms say. */
function way(path: Path, spelling: Schemas["AliasKind"]): Way {
  // The body's type depends on the path, which is only known to the caller.
  const common = api as unknown as {
    GET: (path: string, given: object) => Promise<{ data?: Entry }>;
    POST: (path: string, given: object) => Sent;
    PATCH: (path: string, given: object) => Sent;
  };
  const list = common as unknown as { GET: (path: string, given: object) => Promise<{ data?: KeysetPage<Entry> }> };
  return {
    spelling,
    all: () => whole((query) => answered(list.GET(path, { params: { query } }))),
    read: (id) => answered(common.GET(`${path}/{row_id}`, { params: { path: { row_id: id } } })),
    add: (body, { key }) => common.POST(path, { params: { header: once(key) }, body }),
    change: (id, body, { version }) => common.PATCH(`${path}/{row_id}`, { params: { path: { row_id: id }, header: ifMatch(version) }, body }),
  };
}

export const WAYS: Readonly<Record<Kind, Way>> = {
  courts: way("/api/v1/courts", "court"),
  judges: way("/api/v1/judges", "judge"),
  types: way("/api/v1/case-types", "case_type"),
  activities: way("/api/v1/activity-types", "activity_type"),
  outcomes: way("/api/v1/outcomes", "outcome"),
  reasons: way("/api/v1/adjournment-reasons", "reason"),
};

export function nameOf(entry: Values): string {
  const name = entry.display_name ?? entry.label ?? entry.name;
  return typeof name === "string" ? name : "–";
}
