import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";
import { isDay } from "../parts/dates";

const STATUSES = ["pending", "inactive", "disposed", "transferred"] as const;
const SORTS = ["-filed_on", "filed_on", "-last_activity_on", "last_activity_on", "number", "-number"] as const;

/** The filters, which are the page's address: it can be sent to a colleague, or bookmarked. */
export interface FindSearch {
  q?: string;
  court?: string;
  case_type?: string;
  status?: Schemas["CaseStatus"];
  filed_from?: string;
  filed_to?: string;
  sort?: Schemas["CaseSort"];
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

function words(value: unknown): string | undefined {
  return (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;
}

export const findRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/find",
  validateSearch: (given: Record<string, unknown>): FindSearch => ({
    q: words(given.q),
    court: words(given.court),
    case_type: words(given.case_type),
    status: oneOf(STATUSES, given.status),
    filed_from: isDay(given.filed_from) ? given.filed_from : undefined,
    filed_to: isDay(given.filed_to) ? given.filed_to : undefined,
    sort: oneOf(SORTS, given.sort),
  }),
  component: lazyRouteComponent(() => withTexts("find", import("./Find")), "Find"),
});

export { SORTS, STATUSES };
