import { Badge, Group, NativeSelect, Table } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { useDates } from "../parts/dates";
import { Opener } from "../parts/dialog";
import { EndlessList, useEndless } from "../parts/endless";
import { Page } from "../parts/page";
import { Invite } from "./Invite";
import { ROLES, STATES, type PeopleSearch } from "./route";
import { Sections } from "./Sections";
import { Typed } from "./Typed";

const route = getRouteApi("/console/people");

export function People() {
  const { t } = useTranslation("people");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: PeopleSearch) => void navigate({ search: { ...search, ...part }, replace: true });
  const roles = [{ value: "", label: t("anyRole") }, ...ROLES.map((value) => ({ value, label: t(`role.${value}`) }))];
  const states = [{ value: "", label: t("anyState") }, ...STATES.map((value) => ({ value, label: t(`state.${value}`) }))];
  return (
    <Page title={t("title")} actions={<Opener label={t("invite.open")}>{() => <Invite done={(user) => navigate({ to: "/people/$userId", params: { userId: user.id } })} />}</Opener>}>
      <Sections />
      <Group align="end" className="no-print">
        <Typed label={t("find")} value={search.q} set={(q) => { set({ q }); }} />
        <NativeSelect label={t("grants.role")} data={roles} value={search.role ?? ""} onChange={({ currentTarget }) => { set({ role: ROLES.find((each) => each === currentTarget.value) }); }} />
        <NativeSelect label={t("stateIs")} data={states} value={search.state ?? ""} onChange={({ currentTarget }) => { set({ state: STATES.find((each) => each === currentTarget.value) }); }} />
      </Group>
      <Users search={search} />
    </Page>
  );
}

const OF_STATE = { active: { active: true }, inactive: { active: false }, locked: { locked: true } } as const;

function Users({ search: { state, ...search } }: { search: PeopleSearch }) {
  const { t } = useTranslation("people");
  const query = { ...search, ...(state && OF_STATE[state]) };
  const list = useEndless(["users", "list", query], (cursor) => answered(api.GET("/api/v1/users", { params: { query: { ...query, cursor } } })));
  return (
    <EndlessList query={list} empty={t("none")}>
      {(items) => (
        <Table striped aria-label={t("users")}>
          <Table.Tbody>{items.map((user) => <Row key={user.id} user={user} />)}</Table.Tbody>
        </Table>
      )}
    </EndlessList>
  );
}

function Row({ user }: { user: Schemas["UserRead"] }) {
  const { moment } = useDates();
  return (
    <Table.Tr>
      <Table.Td className="anywhere">
        <Link to="/people/$userId" params={{ userId: user.id }}>{user.name}</Link>
        <div>{user.email}</div>
      </Table.Td>
      <Table.Td><Badges user={user} /></Table.Td>
      <Table.Td visibleFrom="sm">{user.last_sign_in_at && moment(user.last_sign_in_at)}</Table.Td>
    </Table.Tr>
  );
}

/** What is particular about an account. */
export function Badges({ user }: { user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const roles = [...new Set(user.grants.map(({ role }) => role))];
  return (
    <Group gap={4}>
      {roles.map((role) => <Badge key={role} variant="outline">{t(`role.${role}`)}</Badge>)}
      {user.is_locked && <Badge variant="outline" color="red">{t("state.locked")}</Badge>}
      {!user.is_active && <Badge variant="outline" color="gray">{t("state.inactive")}</Badge>}
      {user.invitation?.state === "open" && <Badge variant="outline" color="orange">{t("state.invited")}</Badge>}
      {user.mail && <Badge variant="outline" color={user.mail.state === "refused" ? "red" : "gray"}>{t(`mail.${user.mail.state}`)}</Badge>}
    </Group>
  );
}
