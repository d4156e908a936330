import { createRoute, redirect } from "@tanstack/react-router";
import { signedIn } from "./layout";

export const homeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/today", replace: true });
  },
});
