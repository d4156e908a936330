import { Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useDates } from "../parts/dates";
import { Question } from "../parts/dialog";
import { Shown } from "../parts/states";
import { useDirectoryName } from "./directories";

/** The user's accounts in directories; where there is none, as without a directory, nothing is shown. */
export function Identities({ user }: { user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const read = () => answered(api.GET("/api/v1/users/{user_id}/identities", { params: { path: { user_id: user.id } } }));
  const query = useQuery({ queryKey: ["users", user.id, "identities"], queryFn: read });
  return (
    <Shown query={query}>
      {({ items }) => items.length > 0 && (
        <Stack component="section" gap="xs">
          <Title order={2} size="h3">{t("identities.title")}</Title>
          <Table aria-label={t("identities.title")}>
            <Table.Tbody>{items.map((identity) => <Row key={identity.id} identity={identity} user={user} />)}</Table.Tbody>
          </Table>
        </Stack>
      )}
    </Shown>
  );
}

function Row({ identity, user }: { identity: Schemas["IdentityRead"]; user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const { moment } = useDates();
  const directory = useDirectoryName()(identity);
  const path = { user_id: user.id, identity_id: identity.id };
  // Its sessions and what its groups gave have ended too.
  const renew = () => Promise.all([["users"], ["sessions", user.id]].map((queryKey) => queries.invalidateQueries({ queryKey })));
  return (
    <Table.Tr>
      <Table.Td className="anywhere">
        {directory}
        <Text size="xs">{identity.subject} · {t("identities.used", { at: moment(identity.last_used_at) })}</Text>
      </Table.Td>
      <Table.Td>
        <Question label={t("identities.unlink")} of={directory} text={t("identities.unlinkText", { name: user.name })} act={() => api.DELETE("/api/v1/users/{user_id}/identities/{identity_id}", { params: { path } })} done={renew} />
      </Table.Td>
    </Table.Tr>
  );
}
