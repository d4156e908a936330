import { Container, Group, Paper, Stack, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { Languages, Scheme } from "../app/Tools";

/** The frame of pages that are seen without a session. */
export function Guest({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Masijala`;
  }, [title]);
  return (
    <Container component="main" size={420} py="xl">
      <Group justify="space-between" mb="md">
        <Title order={1} size="h2">Masijala</Title>
        <Group gap="xs"><Languages /><Scheme /></Group>
      </Group>
      <Paper withBorder p="lg">
        <Stack>{children}</Stack>
      </Paper>
    </Container>
  );
}
