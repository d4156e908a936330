import { Button, Code, Group, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function Codes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const { t } = useTranslation("session");
  return (
    <>
      <Title order={2} size="h3">{t("codes.title")}</Title>
      <Text size="sm">{t("codes.text")}</Text>
      <Code block>{codes.join("\n")}</Code>
      <Group className="no-print" grow>
        <Button variant="default" onClick={() => { window.print(); }}>{t("codes.print")}</Button>
        <Button onClick={done}>{t("codes.done")}</Button>
      </Group>
    </>
  );
}
