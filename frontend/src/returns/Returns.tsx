import { useTranslation } from "react-i18next";
import { Page } from "../parts/page";
import { hasRole, useUser } from "../session/store";
import { History } from "./History";
import { Upload } from "./Upload";

export function Returns() {
  const { t } = useTranslation("returns");
  return (
    <Page title={t("title")}>
      {hasRole(useUser(), "data_entry", "admin") && <Upload />}
      <History />
    </Page>
  );
}
