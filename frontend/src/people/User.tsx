import { Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answered, api, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { Question } from "../parts/dialog";
import { Page } from "../parts/page";
import { Sessions } from "../parts/sessions";
import { Shown } from "../parts/states";
import { Grants } from "./Grants";
import { Identities } from "./Identities";
import { Badges } from "./People";
import { Sections } from "./Sections";
import { UserFacts } from "./UserFacts";
import { UserActions } from "./UserActions";

const MAIL_MS = 3_000;
const route = getRouteApi("/console/people/$userId");

export function User() {
  const { userId } = route.useParams();
  const query = useQuery({
    queryKey: ["users", userId],
    queryFn: () => answered(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: userId } } })),
    // The mail goes out in the background, and the invitation is open from then on.
    refetchInterval: ({ state }) => state.data?.mail?.state === "queued" && MAIL_MS,
  });
  return <Shown query={query}>{(user) => <Known user={user} />}</Shown>;
}

function Known({ user }: { user: Schemas["UserRead"] }) {
  const { t } = useTranslation("people");
  const path = { user_id: user.id };
  return (
    <Page title={user.name} actions={<UserActions user={user} />}>
      <Sections />
      <Badges user={user} />
      <UserFacts user={user} />
      <Group className="no-print">
        <Link to="/people/audit" search={{ subject: user.id }}>{t("audit.of")}</Link>
        <Link to="/people/audit" search={{ actor: user.id }}>{t("audit.by")}</Link>
        <Link to="/people/changes" search={{ actor_id: user.id }}>{t("changes.by")}</Link>
      </Group>
      <Stack component="section" gap="xs">
        <Title order={2} size="h3">{t("grants.title")}</Title>
        <Grants user={user} />
      </Stack>
      <Identities user={user} />
      <Stack component="section" gap="xs">
        <Title order={2} size="h3">{t("sessions")}</Title>
        <Sessions
          of={user.id}
          page={(cursor) => answered(api.GET("/api/v1/users/{user_id}/sessions", { params: { path, query: { cursor } } }))}
          end={(id) => api.DELETE("/api/v1/users/{user_id}/sessions/{session_id}", { params: { path: { ...path, session_id: id } } })}
        />
        <Group className="no-print">
          <Question label={t("endSessions")} text={t("endSessionsText", { name: user.name })} act={() => api.DELETE("/api/v1/users/{user_id}/sessions", { params: { path } })} done={() => queries.invalidateQueries({ queryKey: ["sessions", user.id] })} />
        </Group>
      </Stack>
    </Page>
  );
}
