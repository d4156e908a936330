import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";

export const accountRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => withTexts("account", import("./Account")), "Account"),
});
