/** Directories that users sign in through, and what the members of their groups may do. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { DIRECTORIES } from "../session/directories";

export const MAPPINGS = ["group-mappings"] as const;

/** Those of the settings. */
export function useDirectories(): readonly Schemas["ProviderRead"][] {
  return useQuery(DIRECTORIES).data ?? [];
}

/** The name of a directory; one that has left the settings goes by its address. */
export function useDirectoryName(): (of: { provider: string | null; issuer: string }) => string {
  const known = useDirectories();
  return ({ provider, issuer }) => known.find(({ id }) => id === provider)?.label ?? issuer;
}
