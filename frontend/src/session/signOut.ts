import { BASE_URL } from "../api/address";
import { ProblemError } from "../api/problem";
import { signedFetch } from "./signedFetch";
import { session } from "./store";

/** End the session at auth and in every tab; while auth cannot be reached it has not ended. */
export async function signOut(): Promise<void> {
  const request = new Request(`${BASE_URL}/api/v1/auth/logout`, { method: "POST", credentials: "include", headers: { "X-CSRF": "1" } });
  const response = await signedFetch(request);
  if (!response.ok && response.status !== 401) throw await ProblemError.of(response);
  session.end();
}
