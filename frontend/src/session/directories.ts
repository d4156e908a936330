/** Directories that users sign in through, for everybody: those of the settings. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../api/client";

export const DIRECTORIES = queryOptions({
  queryKey: ["directories"],
  queryFn: async () => (await answered(api.GET("/api/v1/auth/oidc"))).items,
  staleTime: Infinity,
});
