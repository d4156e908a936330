// What a frontend does first: sign in, list cases, read one, and understand a refusal.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.d.ts";

type Case = components["schemas"]["CaseRead"];
type Problem = components["schemas"]["Problem"];

const { BASE_URL = "", EMAIL = "", PASSWORD = "", CASE_ID = "" } = process.env;
const client = createClient<paths>({ baseUrl: BASE_URL });

function given<T>(value: T | undefined, refusal: Problem | undefined): T {
  if (value === undefined) throw new Error(`refused: ${refusal?.code} ${refusal?.detail}`);
  return value;
}

const login = await client.POST("/api/v1/auth/login", {
  body: { email: EMAIL, password: PASSWORD },
});
const { access_token } = given(login.data, login.error);
client.use({
  onRequest: ({ request }) => request.headers.set("Authorization", `Bearer ${access_token}`),
});

const listed = await client.GET("/api/v1/cases", {
  params: { query: { limit: 5, count: "exact", sort: "-filed_on" } },
});
const cases: readonly Case[] = given(listed.data, listed.error).items;

const read = await client.GET("/api/v1/cases/{case_id}", {
  params: { path: { case_id: CASE_ID } },
});
const one: Case = given(read.data, read.error);

const changed = await client.PATCH("/api/v1/cases/{case_id}", {
  params: {
    path: { case_id: CASE_ID },
    header: { "If-Match": read.response.headers.get("ETag") ?? "" },
  },
  body: { filed_on: one.filed_on },
});
const again: Case = given(changed.data, changed.error);

const missing = await client.GET("/api/v1/cases/{case_id}", {
  params: { path: { case_id: crypto.randomUUID() } },
});

console.log(
  JSON.stringify({
    listed: cases.map((each) => each.id),
    read: one.id,
    changed: again.id,
    missing: missing.error?.code,
  }),
);
