import createClient, { type Middleware } from "openapi-fetch";
import { signedFetch } from "../session/signedFetch";
import { BASE_URL } from "./address";
import { ProblemError } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

const refusals: Middleware = {
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await ProblemError.of(response);
  },
};

/** The whole API, typed, as the signed-in user; every refusal is thrown as a ProblemError. */
export const api = createClient<paths>({ baseUrl: BASE_URL, fetch: signedFetch });
api.use(refusals);

/** What the API answered, as JSON where other forms are on offer. Refusals have been thrown by then. */
export async function answered<T>(call: Promise<{ data?: T }>): Promise<Exclude<T, string | null | undefined>> {
  const { data } = await call;
  if (typeof data !== "object" || data === null) throw new ProblemError(204, { title: "No content" });
  return data as Exclude<T, string | null | undefined>;
}

/** Headers of a change of what was read at this version. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

/** Headers of a POST that creates: sent twice with one key, it is done once. */
export function once(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
