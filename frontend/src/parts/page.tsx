import { Group, Stack, Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";

/** A page: its heading names the document and has the focus after a navigation. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Masijala`;
  }, [title]);
  useEffect(() => {
    // A field that has asked for the focus keeps it; the link that led here has done its work.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.closest("nav")) heading.current?.focus();
  }, []);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2" tabIndex={-1} ref={heading} className="page-title">
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
