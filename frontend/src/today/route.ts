import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "../app/layout";
import { isDay } from "../parts/dates";

export interface TodaySearch {
  court?: string;
  on?: string;
  /** The whole cause list, or only hearings whose outcome is missing. */
  list?: "missing";
}

export const todayRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/today",
  validateSearch: ({ court, on, list }: Record<string, unknown>): TodaySearch => ({
    court: typeof court === "string" ? court : undefined,
    on: isDay(on) ? on : undefined,
    list: list === "missing" ? list : undefined,
  }),
  component: lazyRouteComponent(() => import("./Today"), "Today"),
});
