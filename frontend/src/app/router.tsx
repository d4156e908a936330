import { createRouter } from "@tanstack/react-router";
import { Failure, Loading } from "../parts/states";
import { linkRoutes } from "../session/links";
import { session } from "../session/store";
import { rootRoute, signedIn, signInRoute } from "./layout";
import { pageRoutes } from "./pages";

const routeTree = rootRoute.addChildren([signInRoute, ...linkRoutes, signedIn.addChildren(pageRoutes)]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
});

/** A session that ends anywhere leads to the sign-in. Begun once it is known whether there is one. */
export function followSession(): void {
  session.subscribe(() => void router.invalidate());
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
