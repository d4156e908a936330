/** One refresh for all tabs: the tab with the lock refreshes, the others use the token that it got. */
import { BASE_URL } from "../api/address";
import { ProblemError } from "../api/problem";
import { session, type Session, type Tokens } from "./store";

const LOCK = "masijala-refresh";
const NEWS_MS = 1_000;

/** The next session, or null when it has ended. Throws while auth cannot be reached. */
export async function refresh(spent: string | null): Promise<Session | null> {
  const locks = (navigator as Partial<Navigator>).locks;
  // Without locks, as over plain HTTP, auth gives parallel refreshes the same successor.
  if (locks === undefined) return exchange(spent);
  const first = await locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? undefined : exchange(spent)));
  if (first !== undefined) return first;
  return locks.request(LOCK, async () => {
    await news(spent);
    return exchange(spent);
  });
}

async function exchange(spent: string | null): Promise<Session | null> {
  const now = other(spent);
  if (now !== null) return now;
  const response = await fetch(`${BASE_URL}/api/v1/auth/refresh`, {
    method: "POST",
    credentials: "include",
    headers: { "X-CSRF": "1" },
  });
  if (response.ok) return session.begin((await response.json()) as Tokens);
  if (response.status === 401) {
    await response.body?.cancel();
    session.end();
    return null;
  }
  throw await ProblemError.of(response);
}

/** What another tab, or another request of this one, has got while we waited. */
function other(spent: string | null): Session | null {
  const now = session.current();
  return now !== null && now.token !== spent ? now : null;
}

/** The lock of the tab before us may come sooner than the word of what it got. */
function news(spent: string | null): Promise<void> {
  if (other(spent) !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, NEWS_MS);
    const stop = session.subscribe(() => {
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}
