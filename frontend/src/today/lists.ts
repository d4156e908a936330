import { useQuery } from "@tanstack/react-query";
import { answered, api, type Schemas } from "../api/client";

export type Listed = Schemas["CauseListItem"];

interface Place {
  court: string;
  on: string;
}

function query({ court, on }: Place) {
  return { params: { query: { court, date: on } } };
}

export function readMissing(place: Place): Promise<Schemas["CauseList"]> {
  return answered(api.GET("/api/v1/missing-outcomes", query(place)));
}

export function useCauseList(place: Place) {
  return useQuery({
    queryKey: ["hearings", "cause-list", place],
    queryFn: async () => (await answered(api.GET("/api/v1/cause-lists", query(place)))).items,
  });
}

/** The hearings of the day whose outcome is missing, by their IDs. */
export function useMissing(place: Place) {
  return useQuery({
    queryKey: ["hearings", "missing", place],
    queryFn: async () => new Set((await readMissing(place)).items.map(({ hearing_id }) => hearing_id)),
  });
}
