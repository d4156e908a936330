import { expect, test } from "vitest";
import { eventsOf } from "./following";

function stream(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

test("events are read whole, however the network cuts them", async () => {
  const seen: string[] = [];
  const cut = ["retry: 1000\n\nevent: progress\nid: 3\nda", 'ta: {"state":"valid', 'ating"}\n', "\n: still here\n\nevent: end\nid: 4\ndata: {}\n\n", "event: progress\ndata: cut off"];
  for await (const data of eventsOf(stream(...cut))) seen.push(data);
  expect(seen).toEqual(['{"state":"validating"}', "{}"]);
});
