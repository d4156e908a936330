/** The session of this tab, in memory alone; other tabs hear of its changes. */
import { useSyncExternalStore } from "react";
import type { components } from "../api/schema";

export type Tokens = components["schemas"]["TokenAnswer"];
export type User = Tokens["user"];
export type Role = components["schemas"]["Role"];

export interface Session {
  readonly token: string;
  readonly expiresAt: number;
  readonly user: User;
}

/** `unknown` until the cookie has been tried. */
export type State = "unknown" | "signed-out" | Session;
type Message = { session: Session } | "signed-out";

let state: State = "unknown";
const listeners = new Set<() => void>();
const channel = new BroadcastChannel("masijala-session");

channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
  // The cookie is that of all tabs: a session that has ended in one has ended in this one.
  set(data === "signed-out" ? data : data.session);
});

function set(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

export const session = {
  get: (): State => state,
  current: (): Session | null => (typeof state === "object" ? state : null),

  begin(answer: Pick<Tokens, "access_token" | "expires_in" | "user">): Session {
    const begun = {
      token: answer.access_token,
      expiresAt: Date.now() + answer.expires_in * 1000,
      user: answer.user,
    };
    set(begun);
    channel.postMessage({ session: begun } satisfies Message);
    return begun;
  },

  end(): void {
    if (state === "signed-out") return;
    set("signed-out");
    channel.postMessage("signed-out" satisfies Message);
  },

  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function useSessionState(): State {
  return useSyncExternalStore(session.subscribe, session.get);
}

/** The signed-in user; for pages below the shell alone. */
export function useUser(): User {
  const now = useSessionState();
  if (typeof now === "string") throw new Error("nobody is signed in");
  return now.user;
}

export function hasRole(user: User, ...roles: Role[]): boolean {
  return user.grants.some((grant) => roles.includes(grant.role));
}
