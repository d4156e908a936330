import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";

export const TABS = ["timeline", "hearings", "judges", "links", "versions"] as const;
export type Tab = (typeof TABS)[number];

export const caseRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/cases/$caseId",
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: Tab } => ({ tab: TABS.find((each) => each === tab) }),
  component: lazyRouteComponent(() => withTexts("case", import("./Case")), "Case"),
});

export const registerRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/cases/new",
  component: lazyRouteComponent(() => withTexts("case", import("./Register")), "Register"),
});
