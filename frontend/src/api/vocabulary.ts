/** Reference data, which changes seldom: read once, whole, and kept while the console is open. */
import { useQuery } from "@tanstack/react-query";
import { useUser } from "../session/store";
import { answered, api, type Schemas } from "./client";

const HOUR_MS = 3_600_000;
const PAGE = 200;

interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
interface Part {
  limit: number;
  cursor?: string;
}

/** Every page of a list, one after the other. */
export async function whole<T>(page: (query: Part) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null | undefined;
  do {
    const part = await page({ limit: PAGE, cursor: cursor ?? undefined });
    all.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor);
  return all;
}

type List<T> = (query: Part) => Promise<{ data?: Page<T> }>;

/** Those in use; or with `all` also those that were, for names in old records. */
function useVocabulary<T extends { is_active: boolean }>(name: string, list: List<T>, all: boolean): readonly T[] {
  const read = () => whole((query) => answered(list(query)));
  const known = useQuery({ queryKey: ["vocabulary", name], queryFn: read, staleTime: HOUR_MS }).data ?? [];
  return all ? known : known.filter(({ is_active }) => is_active);
}

export const useCourts = (all = false) => useVocabulary("courts", (query) => api.GET("/api/v1/courts", { params: { query } }), all);
export const useOutcomes = (all = false) => useVocabulary("outcomes", (query) => api.GET("/api/v1/outcomes", { params: { query } }), all);
export const useReasons = (all = false) => useVocabulary("reasons", (query) => api.GET("/api/v1/adjournment-reasons", { params: { query } }), all);
export const useActivityTypes = (all = false) => useVocabulary("activity-types", (query) => api.GET("/api/v1/activity-types", { params: { query } }), all);
export const useCaseTypes = (all = false) => useVocabulary("case-types", (query) => api.GET("/api/v1/case-types", { params: { query } }), all);
export const useCategories = (all = false) => useVocabulary("categories", (query) => api.GET("/api/v1/case-categories", { params: { query } }), all);
export const useJudges = (all = false) => useVocabulary("judges", (query) => api.GET("/api/v1/judges", { params: { query } }), all);

/** The courts at which the user has one of these roles. */
export function useOwnCourts(...roles: Schemas["Role"][]): readonly Schemas["CourtRead"][] {
  const { grants } = useUser();
  const granted = grants.filter((grant) => roles.includes(grant.role));
  return useCourts().filter(({ id }) => granted.some(({ courts }) => courts === "*" || courts.includes(id)));
}

/** Choices of a select. */
export function choices<T extends { id: string }>(rows: readonly T[], label: (row: T) => string) {
  return rows.map((row) => ({ value: row.id, label: label(row) }));
}
