import { queries } from "../api/queries";
import { refresh } from "./refresh";
import { session } from "./store";

/** The session of the cookie, if there is one. Throws while auth cannot be reached: it may go on. */
export async function restoreSession(): Promise<void> {
  await refresh(null);
}

session.subscribe(() => {
  // What one user has seen is not the next one's.
  if (session.get() === "signed-out") queries.clear();
});
