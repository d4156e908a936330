/** The steps of a sign-in: credentials, and a second factor where one is set up or required. */
import { answered, api } from "../api/client";
import { ProblemError } from "../api/problem";
import type { Refusal } from "./directory";
import { session, type Tokens } from "./store";

/** Browsers make passkeys for names, not for addresses such as 127.0.0.1. */
export const PASSKEYS = "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname);

export type Step =
  | { kind: "credentials"; note?: "newPassword.done" | "forgotten.done"; refusal?: Refusal }
  | { kind: "forgotten" }
  | { kind: "factor"; challenge: string; methods: readonly string[]; passkey?: Record<string, unknown> }
  | { kind: "enrolment"; challenge: string }
  | { kind: "password"; token: string }
  | { kind: "recovery-codes"; codes: readonly string[]; tokens: Tokens };

export type Proof = { code: string } | { recovery_code: string } | { passkey: Record<string, unknown> };

/** The next step; null when the session has begun. */
export function signIn(email: string, password: string): Promise<Step | null> {
  const body = { email, password, delivery: "cookie" } as const;
  return begun(api.POST("/api/v1/auth/login", { body }));
}

/** Tokens begin the session; what is refused until a second factor is shown has a next step. */
export async function begun(signingIn: Promise<{ data?: Tokens }>): Promise<Step | null> {
  try {
    session.begin(await answered(signingIn));
    return null;
  } catch (error) {
    const step = error instanceof ProblemError ? nextStep(error) : null;
    if (step === null) throw error;
    return step;
  }
}

export async function showFactor(challenge: string, proof: Proof): Promise<Step | null> {
  const body = { challenge_token: challenge, ...proof };
  const answer = await answered(api.POST("/api/v1/auth/login/factor", { body }));
  // Codes are shown this once: the session is begun, and the console opened, when they have been read.
  if (answer.recovery_codes) return { kind: "recovery-codes", codes: answer.recovery_codes, tokens: answer };
  session.begin(answer);
  return null;
}

/** A passkey alone, without address or password. */
export async function signInByPasskey(): Promise<Step | null> {
  const body = { delivery: "cookie" } as const;
  const begun = await answered(api.POST("/api/v1/auth/login/passkey", { body }));
  return showFactor(begun.challenge_token, { passkey: await askPasskey(begun.options) });
}

export async function askPasskey(options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  const found = await navigator.credentials.get({ publicKey });
  return (found as PublicKeyCredential).toJSON() as Record<string, unknown>;
}

function nextStep(problem: ProblemError): Step | null {
  const extra = problem.body as Record<string, unknown>;
  const challenge = String(extra.challenge_token);
  switch (problem.code) {
    case "factor-required":
      return { kind: "factor", challenge, methods: extra.methods as string[], passkey: extra.passkey as Record<string, unknown> | undefined };
    case "factor-enrolment-required":
      return { kind: "enrolment", challenge };
    case "password-change-required":
      return { kind: "password", token: String(extra.reset_token) };
    default:
      return null;
  }
}
