import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answered, api } from "../api/client";

const HOUR_MS = 3_600_000;
const ID_SHOWN = 8;

/** A user by ID, as the name that leads to their page; each is read once. */
export function Person({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ["users", id],
    queryFn: () => answered(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: id } } })),
    staleTime: HOUR_MS,
  });
  return <Link to="/people/$userId" params={{ userId: id }} preload={false}>{data?.name ?? id.slice(-ID_SHOWN)}</Link>;
}
