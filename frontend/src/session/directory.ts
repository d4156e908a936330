/** Signing in through a directory: there, and back with a code that this tab alone can exchange. */
import { BASE_URL } from "../api/address";
import { api } from "../api/client";
import { ProblemError } from "../api/problem";
import { begun, type Step } from "./signIn";

/** Why a directory's sign-in ends without a session; what else comes back is `directory-refused`. */
export const REFUSALS = ["sign-in-cancelled", "account-unavailable", "directory-refused", "directory-unavailable", "sign-in-state-invalid", "return-url-refused", "quota-exceeded", "unavailable"] as const;
export type Refusal = (typeof REFUSALS)[number];

const UNDER_WAY = "masijala-directory-sign-in";
const SECRET_BYTES = 32;

interface UnderWay {
  secret: string;
  /** Where the user wanted to go. */
  back: string;
}

export interface Answer {
  code: string | null;
  error: string | null;
  underWay: UnderWay | null;
}

/** Sends the browser to a directory; `start` is what the API says of it. */
export async function leave(start: string, back: string): Promise<void> {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  sessionStorage.setItem(UNDER_WAY, JSON.stringify({ secret, back } satisfies UnderWay));
  const address = new URL(start, BASE_URL);
  address.searchParams.set("code_challenge", await challengeOf(secret));
  address.searchParams.set("return_to", `${location.origin}/signed-in`);
  location.assign(address);
}

/** What the API wrote behind `#`, and what this tab remembers of the beginning. */
export function answerOf(hash: string, stored: string | null): Answer {
  const parameters = new URLSearchParams(hash.slice(1));
  const underWay = stored === null ? null : (JSON.parse(stored) as UnderWay);
  return { code: parameters.get("code"), error: parameters.get("error"), underWay };
}

export function readAnswer(): Answer {
  return answerOf(location.hash, sessionStorage.getItem(UNDER_WAY));
}

/** The next step, as after a password; null when the session has begun. */
export async function finish({ code, error, underWay }: Answer): Promise<Step | null> {
  if (error !== null) return refused(REFUSALS.find((each) => each === error) ?? "directory-refused");
  if (code === null) return { kind: "credentials" };
  if (underWay === null) return refused("sign-in-state-invalid");
  const body = { code, code_verifier: underWay.secret, delivery: "cookie" } as const;
  try {
    const step = await begun(api.POST("/api/v1/auth/oidc/token", { body }));
    sessionStorage.removeItem(UNDER_WAY);
    return step;
  } catch (error) {
    if (error instanceof ProblemError && error.code === "sign-in-code-invalid") return refused("sign-in-state-invalid");
    throw error;
  }
}

/** RFC 7636, 4.2. */
export async function challengeOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return base64url(new Uint8Array(digest));
}

function refused(refusal: Refusal): Step {
  return { kind: "credentials", refusal };
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
