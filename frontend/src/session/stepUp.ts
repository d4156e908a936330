/** The second factor is shown once more: what needs it may be done for a while. */
import { answered, api, type Schemas } from "../api/client";
import { askPasskey } from "./signIn";
import { session } from "./store";

export async function stepUp(body: Schemas["StepUpAnswer"]): Promise<true> {
  const now = session.current();
  const answer = await answered(api.POST("/api/v1/auth/step-up", { body }));
  if (now !== null) session.begin({ ...answer, user: now.user });
  return true;
}

export async function stepUpByPasskey(): Promise<true> {
  const begun = await answered(api.POST("/api/v1/auth/step-up/passkey"));
  return stepUp({ challenge_token: begun.challenge_token, passkey: await askPasskey(begun.options) });
}
