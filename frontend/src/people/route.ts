import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { Schemas } from "../api/client";
import { withTexts } from "../app/i18n";
import { signedIn } from "../app/layout";
import { isDay } from "../parts/dates";

export interface PeopleSearch {
  q?: string;
  role?: Schemas["Role"];
  state?: (typeof STATES)[number];
}

/** Filters of the audit log of accounts, which are the page's address. */
export interface AuditSearch {
  action?: Schemas["Action"];
  outcome?: Schemas["EventOutcome"];
  subject?: string;
  actor?: string;
  ip?: string;
  request_id?: string;
  since?: string;
  until?: string;
}

/** Filters of the changes of the registry. */
export interface ChangesSearch {
  action?: Schemas["AuditAction"];
  court_id?: string;
  actor_id?: string;
  request_id?: string;
  since?: string;
  until?: string;
}

export const ROLES = ["admin", "data_entry", "viewer"] as const;
export const STATES = ["active", "inactive", "locked"] as const;
export const OUTCOMES = ["success", "failure", "denied"] as const;
export const CHANGES = ["create", "update", "delete", "read", "export"] as const;

type Given = Record<string, unknown>;
const days = ({ since, until }: Given) => ({ since: isDay(since) ? since : undefined, until: isDay(until) ? until : undefined });
const words = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const peopleRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people",
  validateSearch: (given: Given): PeopleSearch => ({
    q: words(given.q),
    role: ROLES.find((each) => each === given.role),
    state: STATES.find((each) => each === given.state),
  }),
  component: lazyRouteComponent(() => withTexts("people", import("./People")), "People"),
});

export const userRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/$userId",
  component: lazyRouteComponent(() => withTexts("people", import("./User")), "User"),
});

export const auditRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/audit",
  validateSearch: (given: Given): AuditSearch => ({
    // The API says which there are.
    action: words(given.action) as Schemas["Action"] | undefined,
    outcome: OUTCOMES.find((each) => each === given.outcome),
    subject: words(given.subject),
    actor: words(given.actor),
    ip: words(given.ip),
    request_id: words(given.request_id),
    ...days(given),
  }),
  component: lazyRouteComponent(() => withTexts("people", import("./Audit")), "Audit"),
});

export const clientsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/clients",
  component: lazyRouteComponent(() => withTexts("people", import("./Clients")), "Clients"),
});

export const changesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/changes",
  validateSearch: (given: Given): ChangesSearch => ({
    action: CHANGES.find((each) => each === given.action),
    court_id: words(given.court_id),
    actor_id: words(given.actor_id),
    request_id: words(given.request_id),
    ...days(given),
  }),
  component: lazyRouteComponent(() => withTexts("people", import("./Changes")), "Changes"),
});

export const mappingsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/directories",
  component: lazyRouteComponent(() => withTexts("people", import("./Mappings")), "Mappings"),
});

export const groupsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: "/people/groups",
  component: lazyRouteComponent(() => withTexts("people", import("./Groups")), "Groups"),
});
