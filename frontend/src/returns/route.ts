import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";

export const RESULTS = ["NEW", "CORRECTION", "UNCHANGED", "DUPLICATE", "HELD", "REJECTED", "EMPTY"] as const satisfies readonly Schemas["RowResult"][];
export const TABS = ["rows", "changes"] as const;

export interface BatchSearch {
  tab?: (typeof TABS)[number];
  result?: Schemas["RowResult"];
}

export const returnsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/returns",
  component: lazyRouteComponent(() => withTexts("returns", import("./Returns")), "Returns"),
});

export const batchRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/returns/$batchId",
  validateSearch: ({ tab, result }: Record<string, unknown>): BatchSearch => ({
    tab: TABS.find((each) => each === tab),
    result: RESULTS.find((each) => each === result),
  }),
  component: lazyRouteComponent(() => withTexts("returns", import("./Batch")), "Batch"),
});
