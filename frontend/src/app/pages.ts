/** The pages: a page adds its routes and, for the navigation, one line. */
import { accountRoute } from "../account/route";
import { approvalsRoute } from "../approvals/route";
import { caseRoute, registerRoute } from "../case/route";
import { figureCasesRoute, figuresRoute } from "../figures/route";
import { findRoute } from "../find/route";
import { auditRoute, changesRoute, clientsRoute, groupsRoute, mappingsRoute, peopleRoute, userRoute } from "../people/route";
import { batchRoute, returnsRoute } from "../returns/route";
import type { Role } from "../session/store";
import { todayRoute } from "../today/route";
import { homeRoute } from "./home";

export const pageRoutes = [
  homeRoute,
  todayRoute,
  findRoute,
  registerRoute,
  caseRoute,
  returnsRoute,
  batchRoute,
  figuresRoute,
  figureCasesRoute,
  approvalsRoute,
  peopleRoute,
  clientsRoute,
  groupsRoute,
  mappingsRoute,
  auditRoute,
  changesRoute,
  userRoute,
  accountRoute,
] as const;

export interface NavigationLine {
  readonly to: string;
  readonly text: "today" | "find" | "returns" | "figures" | "approvals" | "people" | "account";
  /** Who sees the line; without roles, everybody. The API decides who may do what. */
  readonly roles?: readonly Role[];
}

export const navigation: readonly NavigationLine[] = [
  { to: "/today", text: "today" },
  { to: "/find", text: "find" },
  { to: "/returns", text: "returns" },
  { to: "/figures", text: "figures", roles: ["admin"] },
  { to: "/approvals", text: "approvals", roles: ["admin"] },
  { to: "/people", text: "people", roles: ["admin"] },
  { to: "/account", text: "account" },
];
