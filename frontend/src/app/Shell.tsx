import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { presence } from "../session/presence";
import { useSessionState } from "../session/store";
import { withTexts } from "./i18n";
import { Navigation } from "./Navigation";
import { Offline } from "./Offline";
import { Tools } from "./Tools";

const Presence = lazy(async () => ({ default: (await withTexts("account", import("../account/Presence"))).Presence }));

export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [path, close]);
  // The session may end while this is shown; the router is then on its way to the sign-in.
  if (typeof useSessionState() === "string") return null;
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 200, breakpoint: "sm", collapsed: { mobile: !open } }} padding="md">
      <a className="skip-link" href="#content">{t("skip")}</a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("menu")} aria-expanded={open} />
            <Text fw={700} visibleFrom="xs">{t("title")}</Text>
          </Group>
          <Tools />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className={open ? undefined : "closed"} aria-label={t("navigation")}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Offline />
        <Outlet />
      </AppShell.Main>
      <PresenceOnceAsked />
    </AppShell>
  );
}

function PresenceOnceAsked() {
  const asked = useSyncExternalStore(presence.subscribe, presence.isAsked);
  const [wasAsked, setWasAsked] = useState(asked);
  if (asked && !wasAsked) setWasAsked(true);
  return wasAsked && <Suspense><Presence /></Suspense>;
}
