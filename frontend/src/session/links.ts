/** The pages that links in letters and directories lead to, for people with or without a session. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { rootRoute } from "../app/layout";

const setPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/set-password",
  component: lazyRouteComponent(() => import("./SetPassword"), "SetPassword"),
});

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/confirm-email",
  component: lazyRouteComponent(() => import("./EmailLink"), "ConfirmEmail"),
});

const undoEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/undo-email",
  component: lazyRouteComponent(() => import("./EmailLink"), "UndoEmail"),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signed-in",
  component: lazyRouteComponent(() => import("./SignedIn"), "SignedIn"),
});

export const linkRoutes = [setPasswordRoute, confirmEmailRoute, undoEmailRoute, signedInRoute] as const;

/** A link's secret is behind `#`, which no browser sends to a server. */
export function linkToken(): string {
  return new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
}
