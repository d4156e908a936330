import { Anchor, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

const QrCode = lazy(async () => ({ default: (await import("./QrCode")).QrCode }));

/** What an authenticator app takes: a picture to scan, the key to copy or type, or a link on this device. */
export function Secret({ made }: { made: { secret: string; uri: string } }) {
  const { t } = useTranslation("session");
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">{t("enrolment.scan")}</Text>
      <Suspense><QrCode text={made.uri} label={t("enrolment.picture")} /></Suspense>
      <Text size="sm">{t("enrolment.secret")}</Text>
      <Group gap="xs">
        <Code block className="anywhere">{made.secret}</Code>
        {/* Over plain HTTP browsers give no clipboard. */}
        {window.isSecureContext && (
          <CopyButton value={made.secret}>
            {({ copied, copy }) => <Button size="xs" variant="default" onClick={copy}>{t(copied ? "enrolment.copied" : "enrolment.copy")}</Button>}
          </CopyButton>
        )}
      </Group>
      <Anchor href={made.uri} size="sm">{t("enrolment.open")}</Anchor>
    </Stack>
  );
}
