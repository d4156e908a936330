/** Whether the user is there: asked where the API requires it, once for all calls that wait. */
import { session } from "./store";

const WANTED = ["step-up-required", "reauthentication-required"];

type Answer = (shown: boolean) => void;
let waiting: Answer[] = [];
const listeners = new Set<() => void>();

function set(next: Answer[]): void {
  waiting = next;
  for (const listener of listeners) listener();
}

export const presence = {
  isWanted: (code: string): boolean => WANTED.includes(code),
  isAsked: (): boolean => waiting.length > 0,

  /** Whether they have shown it, by a second factor or their password; false when they close the question. */
  ask: (): Promise<boolean> => new Promise((resolve) => { set([...waiting, resolve]); }),

  answer(shown: boolean): void {
    const answered = waiting;
    set([]);
    for (const each of answered) each(shown);
  },

  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

session.subscribe(() => {
  if (session.get() === "signed-out") presence.answer(false);
});
