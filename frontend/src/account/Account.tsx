import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answered, api } from "../api/client";
import { queries } from "../api/queries";
import { Page } from "../parts/page";
import { Sessions } from "../parts/sessions";
import { Failure } from "../parts/states";
import { useUser } from "../session/store";
import { Activity } from "./Activity";
import { Factors } from "./Factors";
import { Password } from "./Password";

export function Account() {
  const { t } = useTranslation("account");
  const { name, email } = useUser();
  return (
    <Page title={t("title")}>
      <Text>{name} · {email}</Text>
      <Section title={t("sessions.title")}><OwnSessions /></Section>
      <Section title={t("factors.title")}><Factors /></Section>
      <Section title={t("password.title")}><Password /></Section>
      <Section title={t("activity.title")}><Activity /></Section>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs" align="flex-start">
      <Title order={2} size="h3">{title}</Title>
      {children}
    </Stack>
  );
}

function OwnSessions() {
  const { t } = useTranslation("account");
  const others = useMutation({
    mutationFn: () => api.DELETE("/api/v1/auth/sessions", { params: { query: { keep_current: true } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sessions", "own"] }),
  });
  return (
    <>
      <Sessions
        of="own"
        page={(cursor) => answered(api.GET("/api/v1/auth/sessions", { params: { query: { cursor } } }))}
        end={(id) => api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } })}
      />
      {others.error && <Failure error={others.error} />}
      <Button variant="default" loading={others.isPending} onClick={() => { others.mutate(); }}>{t("sessions.endOthers")}</Button>
    </>
  );
}
