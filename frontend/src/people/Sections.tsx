import { Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** The lists that belong to People. */
export function Sections() {
  const { t } = useTranslation("people");
  return (
    <Group component="nav" aria-label={t("sections")} className="no-print">
      <Link to="/people" activeOptions={{ exact: true, includeSearch: false }}>{t("users")}</Link>
      <Link to="/people/clients">{t("clients.title")}</Link>
      <Link to="/people/groups">{t("groups.title")}</Link>
      <Link to="/people/directories">{t("mappings.title")}</Link>
      <Link to="/people/audit">{t("audit.title")}</Link>
      <Link to="/people/changes">{t("changes.title")}</Link>
    </Group>
  );
}
