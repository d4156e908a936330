/** Recording what came of a hearing, unless a colleague has done so in the meantime. */
import { answered, api, once, type Schemas } from "../api/client";
import { ProblemError } from "../api/problem";
import { readMissing, type Listed } from "./lists";

export type Activity = Schemas["ActivityRead"];
export type Draft = Pick<Schemas["ActivityCreate"], "activity_type_id" | "outcome_id" | "reason_id" | "next_on">;

export interface Target {
  hearing: Listed;
  court: string;
  on: string;
}

/** What a colleague recorded of this hearing while we had it open. */
export class AlreadyRecorded extends Error {
  constructor(
    readonly theirs: Activity,
    readonly same = false,
  ) {
    super("recorded by another");
  }
}

/** Raises AlreadyRecorded, also where both sent at once; with `supersedes` the colleague's is corrected instead. */
export async function record(target: Target, draft: Draft, key: string, supersedes?: string): Promise<void> {
  if (supersedes === undefined) {
    const theirs = await recordedByAnother(target);
    if (theirs) throw new AlreadyRecorded(theirs);
  }
  const { hearing, on } = target;
  const judge_ids = hearing.judge ? [hearing.judge.id] : [];
  const body = { case_id: hearing.case_id, activity_on: on, judge_ids, ...draft, supersedes };
  try {
    await answered(api.POST("/api/v1/activities", { params: { header: once(key) }, body }));
  } catch (error) {
    // Between our look and our sending, a colleague recorded the same.
    const id = error instanceof ProblemError && error.code === "activity-exists" ? (error.body as { activity_id?: string }).activity_id : undefined;
    if (id === undefined) throw error;
    throw new AlreadyRecorded(await answered(api.GET("/api/v1/activities/{activity_id}", { params: { path: { activity_id: id } } })), true);
  }
}

async function recordedByAnother(target: Target): Promise<Activity | undefined> {
  const missing = (await readMissing(target)).items;
  if (missing.some(({ hearing_id }) => hearing_id === target.hearing.hearing_id)) return undefined;
  const params = { path: { case_id: target.hearing.case_id }, query: { limit: 200 } };
  const { items } = await answered(api.GET("/api/v1/cases/{case_id}/activities", { params }));
  return items.findLast(({ activity_on, outcome_id }) => activity_on === target.on && outcome_id !== null);
}
