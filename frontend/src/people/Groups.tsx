import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, once, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { choices, useCourts } from "../api/vocabulary";
import { Opener, Question } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { EndlessList, useEndless } from "../parts/endless";
import type { Field } from "../parts/fields";
import { Page } from "../parts/page";
import { GROUPS } from "./groups";
import { Sections } from "./Sections";

type CourtGroup = Schemas["CourtGroupRead"];
const renew = () => queries.invalidateQueries({ queryKey: GROUPS });

/** Names for courts that belong together: a grant at a group follows it. */
export function Groups() {
  const { t } = useTranslation("people");
  const fields = useFields();
  const list = useEndless([...GROUPS], (cursor) => answered(api.GET("/api/v1/court-groups", { params: { query: { cursor } } })));
  const add = (close: () => void) => (
    <EditForm
      fields={fields}
      start={{}}
      save={(body, { key }) => api.POST("/api/v1/court-groups", { params: { header: once(key) }, body: body as Schemas["CourtGroupCreate"] })}
      done={() => { close(); return renew(); }}
      submit={t("groups.add")}
    />
  );
  return (
    <Page title={t("groups.title")} actions={<Opener label={t("groups.add")}>{add}</Opener>}>
      <Sections />
      <EndlessList query={list} empty={t("groups.empty")}>
        {(items) => items.map((group) => <Line key={group.id} group={group} fields={fields} />)}
      </EndlessList>
    </Page>
  );
}

function useFields(): readonly Field[] {
  const { t } = useTranslation("people");
  const courts = choices(useCourts(), ({ name }) => name);
  return [
    { name: "name", label: t("groups.name"), required: true },
    { name: "courts", label: t("grants.courts"), kind: "list", data: courts, required: true },
  ];
}

function Line({ group, fields }: { group: CourtGroup; fields: readonly Field[] }) {
  const { t } = useTranslation("people");
  const courts = useCourts(true);
  const path = { group_id: group.id };
  const read = () => answered(api.GET("/api/v1/court-groups/{group_id}", { params: { path } }));
  const change = (close: () => void) => (
    <EditForm
      fields={fields}
      start={group}
      read={read}
      save={(body, { version }) => api.PATCH("/api/v1/court-groups/{group_id}", { params: { path, header: ifMatch(version) }, body })}
      done={() => { close(); return renew(); }}
      submit={t("change")}
    />
  );
  const remove = () => api.DELETE("/api/v1/court-groups/{group_id}", { params: { path, header: ifMatch(group.version) } });
  return (
    <Group className="result" justify="space-between" component="article" aria-label={group.name}>
      <div>
        <Text fw={700}>{group.name}</Text>
        <Text size="sm">{group.courts.map((id) => courts.find((court) => court.id === id)?.name ?? id).join(", ")}</Text>
      </div>
      <Group gap="xs" className="no-print">
        <Opener label={t("change")} of={group.name}>{change}</Opener>
        <Question label={t("groups.remove")} of={group.name} text={t("groups.removeText")} act={remove} done={renew} />
      </Group>
    </Group>
  );
}
