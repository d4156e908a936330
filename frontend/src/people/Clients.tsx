import { Badge, Code, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, ifMatch, once, type Schemas } from "../api/client";
import { queries } from "../api/queries";
import { useDates } from "../parts/dates";
import { Opener, Question } from "../parts/dialog";
import { EditForm } from "../parts/EditForm";
import { EndlessList, useEndless } from "../parts/endless";
import type { Field } from "../parts/fields";
import { Page } from "../parts/page";
import type { Body } from "../parts/values";
import { Sections } from "./Sections";

type Client = Schemas["ServiceClientRead"];
const renew = () => queries.invalidateQueries({ queryKey: ["clients"] });
const words = (value: Body[string]) => String(value ?? "").split(/[\s,]+/).filter(Boolean);

/** What a client may do is typed as words, and goes to the API as a list. */
function bodyOf({ scopes, audiences, ...rest }: Body) {
  return { ...rest, ...(scopes !== undefined && { scopes: words(scopes) }), ...(audiences !== undefined && { audiences: words(audiences) }) };
}

function valuesOf(client: Client) {
  return { ...client, scopes: client.scopes.join(" "), audiences: client.audiences.join(" ") };
}

/** Programs with an access of their own. A secret is shown once, where it is made. */
export function Clients() {
  const { t } = useTranslation("people");
  const list = useEndless(["clients"], (cursor) => answered(api.GET("/api/v1/service-clients", { params: { query: { cursor } } })));
  return (
    <Page title={t("clients.title")} actions={<Opener label={t("clients.add")}>{() => <Add />}</Opener>}>
      <Sections />
      <EndlessList query={list} empty={t("clients.empty")}>
        {(items) => items.map((client) => <Line key={client.id} client={client} />)}
      </EndlessList>
    </Page>
  );
}

function useFields(): readonly Field[] {
  const { t } = useTranslation("people");
  return [
    { name: "scopes", label: t("clients.scopes"), help: t("clients.scopesHelp") },
    { name: "audiences", label: t("clients.audiences"), help: t("clients.audiencesHelp"), required: true },
  ];
}

function Add() {
  const { t } = useTranslation("people");
  const fields = useFields();
  const [made, setMade] = useState<Schemas["ServiceClientSecret"]>();
  if (made) return <Secret made={made} />;
  return (
    <EditForm
      fields={[{ name: "client_id", label: t("clients.name"), help: t("clients.nameHelp"), required: true }, ...fields]}
      start={{}}
      save={(body, { key }) => api.POST("/api/v1/service-clients", { params: { header: once(key) }, body: { scopes: [], ...bodyOf(body) } as Schemas["ServiceClientCreate"] })}
      done={(answer) => { setMade(answer); return renew(); }}
      submit={t("clients.add")}
    />
  );
}

function Secret({ made }: { made: Schemas["ServiceClientSecret"] }) {
  const { t } = useTranslation("people");
  return (
    <Stack role="status">
      <Text>{t("clients.secret", { client: made.client_id })}</Text>
      <Code block className="anywhere">{made.client_secret}</Code>
    </Stack>
  );
}

function Line({ client }: { client: Client }) {
  const { t } = useTranslation("people");
  const { moment } = useDates();
  const path = { client_key: client.id };
  const params = { path, header: ifMatch(client.version) };
  const of = client.client_id;
  const change = (close: () => void) => <Change client={client} close={close} />;
  const use = (is_active: boolean) => () => api.PATCH("/api/v1/service-clients/{client_key}", { params, body: { is_active } });
  return (
    <Group className="result" justify="space-between" component="article" aria-label={of}>
      <div>
        <Text fw={700}>{of} {!client.is_active && <Badge variant="outline" color="gray">{t("state.inactive")}</Badge>}</Text>
        <Text size="sm">{t("clients.may", { scopes: client.scopes.join(", ") || "–", audiences: client.audiences.join(", ") })}</Text>
        {client.previous_secret_until && <Text size="xs">{t("clients.previous", { at: moment(client.previous_secret_until) })}</Text>}
      </div>
      <Group gap="xs" className="no-print">
        <Opener label={t("change")} of={of}>{change}</Opener>
        <Question label={t("clients.rotate")} of={of} text={t("clients.rotateText")} act={() => answered(api.POST("/api/v1/service-clients/{client_key}/rotate-secret", { params: { path } }))} done={renew} result={(made) => <Secret made={made} />} />
        <Question label={t(client.is_active ? "actions.deactivate" : "actions.activate")} of={of} text={t(client.is_active ? "clients.stopText" : "clients.useText")} act={use(!client.is_active)} done={renew} />
        <Question label={t("clients.remove")} of={of} text={t("clients.removeText")} act={() => api.DELETE("/api/v1/service-clients/{client_key}", { params })} done={renew} />
      </Group>
    </Group>
  );
}

function Change({ client, close }: { client: Client; close: () => void }) {
  const { t } = useTranslation("people");
  const path = { client_key: client.id };
  return (
    <EditForm
      fields={useFields()}
      start={valuesOf(client)}
      read={async () => valuesOf(await answered(api.GET("/api/v1/service-clients/{client_key}", { params: { path } })))}
      save={(body, { version }) => api.PATCH("/api/v1/service-clients/{client_key}", { params: { path, header: ifMatch(version) }, body: bodyOf(body) })}
      done={() => { close(); return renew(); }}
      submit={t("change")}
    />
  );
}
