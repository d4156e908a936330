import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useDates } from "../parts/dates";
import { Failure, Shown } from "../parts/states";
import { Codes } from "../session/Codes";
import { PASSKEYS } from "../session/signIn";
import { addPasskey, FACTORS, newCodes, readFactors, removeFactor } from "./factors";
import { NewApp } from "./NewApp";

type Made = readonly string[] | null | undefined;

export function Factors() {
  const { t } = useTranslation("account");
  const [codes, setCodes] = useState<Made>(null);
  const [adding, setAdding] = useState(false);
  const query = useQuery({ queryKey: FACTORS, queryFn: readFactors });
  const acting = useMutation({
    mutationFn: (act: () => Promise<Made>) => act(),
    onSuccess: (made) => { finish(made); },
  });
  function finish(made: Made) {
    setCodes(made);
    setAdding(false);
    acting.reset();
    void queries.invalidateQueries({ queryKey: FACTORS });
  }
  const passkey = async () => (await addPasskey(t("factors.passkey"))).recovery_codes;
  const renew = async () => (await newCodes()).recovery_codes;
  const remove = (id: string) => { acting.mutate(async () => { await removeFactor(id); return null; }); };
  if (codes) return <Codes codes={codes} done={() => { setCodes(null); }} />;
  return (
    <Stack gap="xs">
      {acting.error && <Failure error={acting.error} />}
      <Shown query={query}>{(found) => <FactorTable found={found} remove={remove} />}</Shown>
      {adding && <NewApp done={finish} />}
      <Group>
        <Button variant="default" onClick={() => { setAdding(!adding); }}>{t("factors.addApp")}</Button>
        {PASSKEYS && <Button variant="default" onClick={() => { acting.mutate(passkey); }}>{t("factors.addPasskey")}</Button>}
        {query.data?.items.length ? <Button variant="default" onClick={() => { acting.mutate(renew); }}>{t("factors.newCodes")}</Button> : null}
      </Group>
    </Stack>
  );
}

function FactorTable({ found, remove }: { found: Schemas["FactorList"]; remove: (id: string) => void }) {
  const { t } = useTranslation("account");
  const { moment } = useDates();
  const note = found.due_at && t("factors.due", { at: moment(found.due_at) });
  if (found.items.length === 0) return <Text>{t("factors.empty")} {note}</Text>;
  return (
    <>
      <Table aria-label={t("factors.title")}>
        <Table.Tbody>
          {found.items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>{each.name} <Badge variant="outline">{t(`factors.kind.${each.kind}`)}</Badge></Table.Td>
              <Table.Td>{moment(each.created_at)}</Table.Td>
              <Table.Td><Button size="xs" variant="default" onClick={() => { remove(each.id); }}>{t("factors.remove")}</Button></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm">{t("factors.codesLeft", { number: found.recovery_codes_left })}</Text>
    </>
  );
}
