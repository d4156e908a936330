import { ProblemError } from "../api/problem";
import { presence } from "./presence";
import { refresh } from "./refresh";
import { session } from "./store";

const MARGIN_MS = 5_000;
// Sign-in and its steps are refused with 401 for other reasons than a token's end.
const WITHOUT_TOKEN = /\/api\/v1\/auth\/(login|password\/(forgot|reset|check)|email\/(confirm|undo)|oidc)/;

type Remedy = (response: Response, token: string) => Promise<string | null>;
// In this order: who must show who they are does so with a token that is accepted.
const REMEDIES: readonly Remedy[] = [exchanged, confirmed];

/** Send with the access token, and once more where the token, or that its user is there, was in doubt. */
export async function signedFetch(request: Request): Promise<Response> {
  if (WITHOUT_TOKEN.test(request.url)) return fetch(new Request(request, { credentials: "include" }));
  let token = await usableToken();
  if (token === null) return send(request, null);
  let response = await send(request.clone(), token);
  for (const remedy of REMEDIES) {
    const next: string | null = await remedy(response, token);
    if (next !== null) response = await send(request.clone(), (token = next));
  }
  return response;
}

/** A token that is stale or has expired is exchanged, unnoticed. */
async function exchanged(response: Response, token: string): Promise<string | null> {
  if (response.status !== 401 || !refusesToken(await codeOf(response))) return null;
  return (await refresh(token))?.token ?? null;
}

/** Other refusals are of what was sent, as a wrong current password: sent again, it would count twice. */
function refusesToken(code: string): boolean {
  return code.startsWith("token-") || code === "unauthenticated";
}

/** What requires that its user is there is done once they have shown it. */
async function confirmed(response: Response): Promise<string | null> {
  if (response.status !== 403 || !presence.isWanted(await codeOf(response))) return null;
  return (await presence.ask()) ? usableToken() : null;
}

async function codeOf(response: Response): Promise<string> {
  return (await ProblemError.of(response)).code;
}

async function usableToken(): Promise<string | null> {
  const now = session.current();
  if (now !== null && now.expiresAt - MARGIN_MS > Date.now()) return now.token;
  return (await refresh(now?.token ?? null))?.token ?? null;
}

function send(request: Request, token: string | null): Promise<Response> {
  const headers = new Headers(request.headers);
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  return fetch(new Request(request, { headers }));
}
