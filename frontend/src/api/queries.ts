import { QueryClient } from "@tanstack/react-query";
import { isOffline, ProblemError } from "./problem";

const TRIES = 2;

/** Only what may work the next time is tried again: no answer, or a service that was unavailable. */
function worthATry(count: number, error: Error): boolean {
  const passing = isOffline(error) || (error instanceof ProblemError && error.status >= 502);
  return passing && count < TRIES;
}

export const queries = new QueryClient({
  defaultOptions: {
    // A registry's facts change under one's eyes: shown at once from memory, and read again.
    queries: { retry: worthATry, staleTime: 5_000 },
    mutations: { retry: false },
  },
});
