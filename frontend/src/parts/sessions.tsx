/** Sessions and their devices: one's own, or those of a user. */
import { Badge, Button, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useDates } from "./dates";
import { EndlessList, type KeysetPage, useEndless } from "./endless";
import { Failure } from "./states";

type Session = Schemas["SessionRead"];

interface Props {
  of: string;
  page: (cursor?: string) => Promise<KeysetPage<Session>>;
  end: (id: string) => Promise<unknown>;
}

export function Sessions({ of, page, end }: Props) {
  const { t } = useTranslation("parts");
  const { moment } = useDates();
  const key = ["sessions", of];
  const list = useEndless(key, page);
  const ending = useMutation({ mutationFn: end, onSuccess: () => queries.invalidateQueries({ queryKey: key }) });
  return (
    <>
      {ending.error && <Failure error={ending.error} />}
      <EndlessList query={list} empty={t("sessions.empty")}>
        {(items) => (
          <Table aria-label={t("sessions.title")}>
            <Table.Tbody>
              {items.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    <Text className="anywhere">{device(each, t("sessions.unknown"))}</Text>
                    <Text size="xs">{t("sessions.used", { at: moment(each.last_used_at), ip: each.ip ?? "–" })}</Text>
                  </Table.Td>
                  <Table.Td>
                    {each.current ? (
                      <Badge variant="outline" className="badge">{t("sessions.current")}</Badge>
                    ) : (
                      <Button size="xs" variant="default" disabled={ending.isPending} onClick={() => { ending.mutate(each.id); }}>{t("sessions.end")}</Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </EndlessList>
    </>
  );
}

function device({ device_name, user_agent }: Session, unknown: string): string {
  return device_name ?? user_agent ?? unknown;
}
