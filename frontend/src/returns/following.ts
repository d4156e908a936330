/** An import as it is, and while a worker is at it, as it becomes: by events, else by asking again. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answered, api, type Schemas } from "../api/client";

type Batch = Schemas["BatchRead"];
const POLL_MS = 2_000;
// One that is applied in part goes on when a spelling is decided, wherever.
const WAITING_POLL_MS = 10_000;
const PAUSE_MS = 1_000;
const RUNNING: readonly Batch["state"][] = ["uploaded", "validating", "applying", "reverting"];

/** Whether a worker is at it, or will be. */
export function isRunning({ state }: Batch): boolean {
  return RUNNING.includes(state);
}

function pollEvery(batch: Batch | undefined, streaming: boolean): number | false {
  if (batch?.state === "partial") return WAITING_POLL_MS;
  return batch && isRunning(batch) && !streaming ? POLL_MS : false;
}

export const batchKey = (batchId: string) => ["import", batchId, "facts"];

/** The data of each event of a stream (WHATWG HTML, 9.2); EventSource cannot send the token. */
export async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (waiting + decoder.decode(value, { stream: true })).split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data !== undefined) yield data.slice("data: ".length);
    }
  }
}

async function follow(batchId: string, signal: AbortSignal, seen: (batch: Batch) => void): Promise<void> {
  while (!signal.aborted) {
    const params = { path: { batch_id: batchId } };
    const { data } = await api.GET("/api/v1/imports/{batch_id}/events", { params, parseAs: "stream", signal });
    if (!data) return;
    for await (const event of eventsOf(data)) {
      const batch = JSON.parse(event) as Batch;
      seen(batch);
      if (!isRunning(batch)) return;
    }
    // A stream lives for a minute; the next one goes on.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

export function useBatch(batchId: string) {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(false);
  const query = useQuery({
    queryKey: batchKey(batchId),
    queryFn: () => answered(api.GET("/api/v1/imports/{batch_id}", { params: { path: { batch_id: batchId } } })),
    refetchInterval: ({ state: { data } }) => pollEvery(data, streaming),
  });
  const running = query.data !== undefined && isRunning(query.data);
  useEffect(() => {
    if (!running) return undefined;
    const end = new AbortController();
    const see = (batch: Batch) => {
      setStreaming(true);
      client.setQueryData(batchKey(batchId), batch);
    };
    // What breaks the stream is no error of the page: it asks again instead.
    follow(batchId, end.signal, see).catch(() => undefined).finally(() => { setStreaming(false); });
    return () => { end.abort(); };
  }, [running, batchId, client]);
  const changedAt = running ? undefined : query.data?.updated_at;
  useEffect(() => {
    if (changedAt === undefined) return;
    for (const list of ["rows", "diff"]) void client.invalidateQueries({ queryKey: ["import", batchId, list] });
  }, [changedAt, batchId, client]);
  return query;
}
