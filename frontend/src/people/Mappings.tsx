import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { Opener, Question } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { EndlessList, useEndless } from "../parts/endless";
import { Page } from "../parts/page";
import type { Body } from "../parts/values";
import { MAPPINGS, useDirectories, useDirectoryName } from "./directories";
import { placeOf, usePlace, usePlaceFields } from "./grant";
import { Sections } from "./Sections";

const renew = () => queries.invalidateQueries({ queryKey: MAPPINGS });

/** Roles that follow from a group of a directory, for all who sign in through it. */
export function Mappings() {
  const { t } = useTranslation("people");
  const directories = useDirectories();
  const list = useEndless([...MAPPINGS], (cursor) => answered(api.GET("/api/v1/group-mappings", { params: { query: { cursor } } })));
  const add = directories.length > 0 && <Opener label={t("mappings.add")}>{(close) => <Add close={close} />}</Opener>;
  return (
    <Page title={t("mappings.title")} actions={add}>
      <Sections />
      <Text size="sm">{t(directories.length > 0 ? "mappings.text" : "mappings.none")}</Text>
      <EndlessList query={list} empty={t("mappings.empty")}>
        {(items) => items.map((mapping) => <Line key={mapping.id} mapping={mapping} />)}
      </EndlessList>
    </Page>
  );
}

function Add({ close }: { close: () => void }) {
  const { t } = useTranslation("people");
  const directories = useDirectories().map(({ id, label }) => ({ value: id, label }));
  const place = usePlaceFields();
  return (
    <EditForm
      fields={[
        { name: "provider", label: t("mappings.directory"), kind: "select", data: directories, required: true },
        { name: "group", label: t("mappings.group"), help: t("mappings.groupHelp"), required: true },
        ...place,
      ]}
      start={{ provider: directories[0]?.value, role: "viewer" }}
      save={(body, { key }) => api.POST("/api/v1/group-mappings", { params: { header: once(key) }, body: mappingOf(body) })}
      done={() => { close(); return renew(); }}
      submit={t("mappings.add")}
    />
  );
}

function mappingOf({ where, ...rest }: Body): Schemas["GroupMappingCreate"] {
  return { ...rest, ...placeOf(where) } as Schemas["GroupMappingCreate"];
}

function Line({ mapping }: { mapping: Schemas["GroupMappingRead"] }) {
  const { t } = useTranslation("people");
  const directory = useDirectoryName()(mapping);
  const place = usePlace(mapping);
  const remove = () => api.DELETE("/api/v1/group-mappings/{mapping_id}", { params: { path: { mapping_id: mapping.id } } });
  return (
    <Group className="result" justify="space-between" component="article" aria-label={mapping.group}>
      <div className="anywhere">
        <Text fw={700}>{mapping.group}</Text>
        <Text size="sm">{t("mappings.gives", { role: t(`role.${mapping.role}`), place })}</Text>
        <Text size="xs">{directory}</Text>
      </div>
      <Group className="no-print"><Question label={t("mappings.remove")} of={mapping.group} text={t("mappings.removeText")} act={remove} done={renew} /></Group>
    </Group>
  );
}
