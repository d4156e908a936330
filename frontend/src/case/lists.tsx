/** What has happened to a case, in lists of one shape. */
import { Badge, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useJudges } from "../api/vocabulary";
import { useDates } from "../parts/dates";
import { EndlessList, type KeysetPage, useEndless } from "../parts/endless";
import { hasRole, useUser } from "../session/store";
import { Recorded } from "./Recorded";

export interface Of {
  caseId: string;
}

interface ListProps<T> {
  name: "timeline" | "hearings" | "judges" | "versions";
  caseId: string;
  page: (cursor?: string) => Promise<KeysetPage<T>>;
  row: (item: T) => { key: string; on: string; what: ReactNode; note?: ReactNode; actions?: ReactNode };
}

export function List<T>({ name, caseId, page, row }: ListProps<T>) {
  const { t } = useTranslation("case");
  const list = useEndless(["case", caseId, name], page);
  return (
    <EndlessList query={list} empty={t(`empty.${name}`)}>
      {(items) => (
        <Table aria-label={t(`tabs.${name}`)}>
          <Table.Tbody>
            {items.map(row).map(({ key, on, what, note, actions }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" className="when">{on}</Table.Th>
                <Table.Td className="anywhere">{what}{note && <Text size="xs">{note}</Text>}</Table.Td>
                {actions && <Table.Td className="no-print">{actions}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </EndlessList>
  );
}

/** What is shown of the case anywhere is read again after a change. */
export const renew = (caseId: string) => queries.invalidateQueries({ queryKey: ["case", caseId] });

export const useWrites = () => hasRole(useUser(), "data_entry", "admin");

export function useParameters(caseId: string) {
  return (cursor?: string) => ({ params: { path: { case_id: caseId }, query: { cursor } } });
}

/** From which file and row, or by whom, something is known. */
function useSource() {
  const { t } = useTranslation("case");
  const { moment } = useDates();
  return (source: Schemas["SourceRead"], by: Schemas["PersonRead"] | null, at: string) => {
    const file = source.filename ? t("source.row", { file: source.filename, row: source.row_no ?? "" }) : t(`source.${source.kind}`);
    return [file, by?.name, moment(at)].filter(Boolean).join(" · ");
  };
}

export function Timeline({ caseId }: Of) {
  const writes = useWrites();
  const { day } = useDates();
  const source = useSource();
  const parameters = useParameters(caseId);
  return (
    <List
      name="timeline"
      caseId={caseId}
      page={(cursor) => answered(api.GET("/api/v1/cases/{case_id}/timeline", parameters(cursor)))}
      row={(item) => ({
        key: `${item.on} ${item.recorded_at} ${item.kind} ${item.activity_id ?? ""} ${item.summary}`,
        on: day(item.on),
        what: item.summary,
        note: source(item.source, item.recorded_by, item.recorded_at),
        actions: writes && item.activity_id && (
          <Recorded caseId={caseId} activityId={item.activity_id} of={`${day(item.on)}, ${item.summary}`} />
        ),
      })}
    />
  );
}

export function Hearings({ caseId }: Of) {
  const { t } = useTranslation("case");
  const { day } = useDates();
  const judges = useJudges(true);
  const parameters = useParameters(caseId);
  return (
    <List
      name="hearings"
      caseId={caseId}
      page={(cursor) => answered(api.GET("/api/v1/cases/{case_id}/hearings", parameters(cursor)))}
      row={(item) => ({
        key: item.id,
        on: day(item.on),
        what: <>{item.purpose ?? t("hearing")} <Badge variant="outline" color="gray">{t(`hearingStatus.${item.status}`)}</Badge></>,
        note: judges.find(({ id }) => id === item.judge_id)?.display_name,
      })}
    />
  );
}

export function Versions({ caseId }: Of) {
  const { t } = useTranslation("case");
  const { moment } = useDates();
  const source = useSource();
  const parameters = useParameters(caseId);
  return (
    <List
      name="versions"
      caseId={caseId}
      page={(cursor) => answered(api.GET("/api/v1/cases/{case_id}/versions", parameters(cursor)))}
      row={(item) => ({
        key: `${item.at} ${item.kind} ${item.version ?? ""} ${item.activity_id ?? ""}`,
        on: moment(item.at),
        what: [item.kind, item.version && t("version", { version: item.version }), item.reason].filter(Boolean).join(" · "),
        note: <>{Object.keys(item.changes).join(", ")} {source(item.source, item.by, item.at)}</>,
      })}
    />
  );
}
