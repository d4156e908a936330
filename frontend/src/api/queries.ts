import { QueryClient } from "@tanstack/react-query";
import { isBeingCounted, isOffline, ProblemError } from "./problem";

const TRIES = 2;
const SECOND = 1000;

/** Only what may work the next time is tried again: no answer, or a service that was unavailable. */
export function worthATry(count: number, error: Error): boolean {
  if (isBeingCounted(error)) return true;
  const passing = isOffline(error) || (error instanceof ProblemError && error.status >= 502);
  return passing && count < TRIES;
}

function retryDelay(count: number, error: Error): number {
  return isBeingCounted(error) ? SECOND : SECOND * 2 ** count;
}

export const queries = new QueryClient({
  defaultOptions: {
    // A registry's facts change under one's eyes: shown at once from memory, and read again.
    queries: { retry: worthATry, retryDelay, staleTime: 5_000 },
    mutations: { retry: false },
  },
});
