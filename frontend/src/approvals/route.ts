import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";

export const TABS = ["proposals", "spellings", "judges", "vocabulary"] as const;

export const approvalsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/approvals",
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: (typeof TABS)[number] } => ({ tab: TABS.find((each) => each === tab) }),
  component: lazyRouteComponent(() => withTexts("approvals", import("./Approvals")), "Approvals"),
});
