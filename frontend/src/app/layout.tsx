/** The two parents of all routes: everything, and what only signed-in users see. */
import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { session } from "../session/store";
import { NotFound } from "./NotFound";

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

export const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: "console",
  beforeLoad: ({ location }) => {
    if (session.current() === null) throw redirect({ to: "/sign-in", search: { back: location.href } });
  },
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search): { back?: string } => {
    const { back } = search;
    // Only paths: after the sign-in a link must not open another site.
    return typeof back === "string" && /^\/(?!\/)/.test(back) ? { back } : {};
  },
  component: lazyRouteComponent(() => import("../session/SignIn"), "SignIn"),
});
