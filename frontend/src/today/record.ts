/** Recording what came of a hearing, unless a colleague has done so in the meantime. */
import { answered, api, ifMatch, once, type Schemas } from "../api/client";
import { ProblemError } from "../api/problem";
import { readMissing, type Listed } from "./lists";

export type Activity = Schemas["ActivityRead"];
export type Draft = Pick<Schemas["ActivityCreate"], "activity_type_id" | "outcome_id" | "reason_id" | "next_on">;

export interface Target {
  hearing: Listed;
  court: string;
  on: string;
}

const MOST_TRIES = 2;

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
  const { hearing, on } = target;
  const judge_ids = hearing.judge ? [hearing.judge.id] : [];
  const body = { case_id: hearing.case_id, activity_on: on, judge_ids, ...draft, supersedes };
  for (let tries = 0; ; tries += 1) {
    const unchanged = supersedes === undefined ? ifMatch((await missing(target, draft)).case_version) : {};
    try {
      await answered(api.POST("/api/v1/activities", { params: { header: { ...once(key), ...unchanged } }, body }));
      return;
    } catch (error) {
      // Between our look and our sending the case was changed: we look again at what it was.
      if (!(error instanceof ProblemError) || error.status !== 412 || tries === MOST_TRIES) throw error;
    }
  }
}

/** The hearing as it is now, while its outcome is missing. Raises AlreadyRecorded. */
async function missing(target: Target, draft: Draft): Promise<Listed> {
  const found = (await readMissing(target)).items.find(({ hearing_id }) => hearing_id === target.hearing.hearing_id);
  if (found) return found;
  const params = { path: { case_id: target.hearing.case_id }, query: { limit: 200 } };
  const { items } = await answered(api.GET("/api/v1/cases/{case_id}/activities", { params }));
  const theirs = items.findLast(({ activity_on, outcome_id }) => activity_on === target.on && outcome_id !== null);
  if (theirs === undefined) return target.hearing;
  throw new AlreadyRecorded(theirs, theirs.outcome_id === draft.outcome_id && theirs.activity_type_id === draft.activity_type_id);
}
