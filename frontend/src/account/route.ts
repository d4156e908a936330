import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { signedIn } from "../app/layout";

export const accountRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => import("./Account"), "Account"),
});
