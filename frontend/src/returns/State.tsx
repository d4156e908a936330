import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";

export function State({ batch }: { batch: Schemas["BatchRead"] }) {
  const { t } = useTranslation("returns");
  return <Badge variant="outline" color="gray" className="badge">{t(`state.${batch.state}`)}</Badge>;
}
