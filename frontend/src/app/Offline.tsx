import { Alert } from "@mantine/core";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

export function Offline() {
  const { t } = useTranslation("parts");
  const online = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
  if (online) return null;
  return (
    <Alert color="orange" mb="md" role="status" title={t("offline.title")}>
      {t("offline.text")}
    </Alert>
  );
}
