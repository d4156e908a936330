import { Badge, Group, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api, ifMatch, once, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { lastDay, useDates } from "../parts/dates";
import { Opener, Question } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { endOf, grantOf, inForce, useGrantFields, usePlace } from "./grant";

type Grant = Schemas["UserGrantRead"];
const renew = () => queries.invalidateQueries({ queryKey: ["users"] });

/** What the user may do, where, and from when until when. */
export function Grants({ user }: { user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const fields = useGrantFields();
  const add = (close: () => void) => (
    <EditForm
      fields={fields}
      start={{ role: "viewer" }}
      save={(body, { key }) => api.POST("/api/v1/users/{user_id}/grants", { params: { path: { user_id: user.id }, header: once(key) }, body: grantOf(body) })}
      done={() => { close(); return renew(); }}
      submit={t("grants.add")}
    />
  );
  return (
    <>
      {user.grants.length === 0 ? (
        <Text>{t("grants.none")}</Text>
      ) : (
        <Table aria-label={t("grants.title")}>
          <Table.Tbody>
            {user.grants.map((grant) => <Row key={grant.id} grant={grant} userId={user.id} />)}
          </Table.Tbody>
        </Table>
      )}
      <Group className="no-print"><Opener label={t("grants.add")}>{add}</Opener></Group>
    </>
  );
}

function Row({ grant, userId }: { grant: Grant; userId: string }) {
  const { t } = useTranslation("people");
  const { moment, day } = useDates();
  const place = usePlace(grant);
  const when = inForce(grant);
  const what = `${t(`role.${grant.role}`)}, ${place}`;
  const path = { user_id: userId, grant_id: grant.id };
  const remove = () => api.DELETE("/api/v1/users/{user_id}/grants/{grant_id}", { params: { path } });
  return (
    <Table.Tr>
      <Table.Td>{t(`role.${grant.role}`)}</Table.Td>
      <Table.Td>
        {place} {when && <Badge variant="outline" color={when === "over" ? "gray" : "orange"} className="badge">{t(`grants.${when}`)}</Badge>}
        <Text size="xs">
          {[grant.begins_at && t("grants.from", { at: moment(grant.begins_at) }), grant.expires_at && t("grants.until", { day: day(lastDay(grant.expires_at)) }), grant.mapping_id && t("grants.mapped")].filter(Boolean).join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end">
          {when !== "over" && <Opener label={t("grants.changeEnd")} of={what}>{(close) => <End grant={grant} path={path} close={close} />}</Opener>}
          <Question label={t("grants.remove")} of={what} text={t("grants.removeText")} act={remove} done={renew} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function End({ grant, path, close }: { grant: Grant; path: { user_id: string; grant_id: string }; close: () => void }) {
  const { t } = useTranslation("people");
  const start = { ends_on: grant.expires_at && lastDay(grant.expires_at), version: grant.version };
  return (
    <EditForm
      fields={[{ name: "ends_on", label: t("grants.ends"), kind: "date", help: t("grants.endsHelp") }]}
      start={start}
      save={({ ends_on }, { version }) => api.PATCH("/api/v1/users/{user_id}/grants/{grant_id}", { params: { path, header: ifMatch(version) }, body: { expires_at: endOf(ends_on) } })}
      done={() => { close(); return renew(); }}
      submit={t("grants.changeEnd")}
    />
  );
}
