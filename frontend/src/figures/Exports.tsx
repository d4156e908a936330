import { Anchor, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { download } from "../parts/download";
import { Failure } from "../parts/states";
import type { Wanted } from "./Figures";
import { isMonth } from "./period";

const FORMATS = ["xlsx", "csv"] as const;

/** The court's report of the month, and the whole list of cases, as files. */
export function Exports({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation("figures");
  const fetching = useMutation({ mutationFn: download });
  const { court, period, known_on } = wanted;
  const report = court !== undefined && isMonth(period) ? { court, month: period, ...(known_on && { known_on }) } : null;
  const file = (kind: "report" | "cases", path: string, query: Record<string, string>) =>
    FORMATS.map((format) => (
      <Anchor key={kind + format} component="button" disabled={fetching.isPending} onClick={() => { fetching.mutate({ path, query: { ...query, format } }); }}>
        {t(`exports.${kind}`, { format: format.toUpperCase() })}
      </Anchor>
    ));
  return (
    <Group className="no-print" role="group" aria-label={t("exports.label")}>
      {report ? file("report", "/api/v1/reports/monthly", report) : <Text size="sm">{t("exports.hint")}</Text>}
      {file("cases", "/api/v1/exports/cases", court === undefined ? {} : { court })}
      {fetching.error && <Failure error={fetching.error} />}
    </Group>
  );
}
