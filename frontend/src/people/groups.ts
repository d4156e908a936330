/** Groups of courts, which grants may name instead of courts. */
import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "../api/client";
import { whole } from "../api/vocabulary";

export const GROUPS = ["court-groups"] as const;

export function useGroups(): readonly Schemas["CourtGroupRead"][] {
  const read = () => whole((query) => answered(api.GET("/api/v1/court-groups", { params: { query } })));
  return useQuery({ queryKey: [...GROUPS, "whole"], queryFn: read }).data ?? [];
}
