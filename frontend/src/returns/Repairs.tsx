import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useDates } from "../parts/dates";

/** Who changed which cells of a row. */
export function History({ repairs }: { repairs: readonly Schemas["RowRepairRead"][] }) {
  const { t } = useTranslation("returns");
  const { moment } = useDates();
  if (repairs.length === 0) return null;
  return (
    <>
      <Text size="sm" mt="sm">{t("row.repairs")}</Text>
      <List size="xs">
        {repairs.map(({ changed_at, changed_by, changes }) => (
          <List.Item key={changed_at}>
            {[changed_by?.name, moment(changed_at)].filter(Boolean).join(" · ")}:{" "}
            {Object.entries(changes).map(([name, { from, to }]) => `${name} ${from || "–"} → ${to || "–"}`).join(", ")}
          </List.Item>
        ))}
      </List>
    </>
  );
}
