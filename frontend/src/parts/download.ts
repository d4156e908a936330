/** Files of the API: read as the signed-in user, then given to the browser to be saved. */
import { BASE_URL } from "../api/address";
import { ProblemError } from "../api/problem";
import { signedFetch } from "../session/signedFetch";

interface Wanted {
  path: string;
  query: Record<string, string>;
}

export async function download({ path, query }: Wanted): Promise<void> {
  const address = new URL(`${BASE_URL}${path}?${new URLSearchParams(query)}`, location.origin);
  const response = await signedFetch(new Request(address));
  if (!response.ok) throw await ProblemError.of(response);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = filename(response) ?? path.split("/").at(-1) ?? "file";
  link.click();
  URL.revokeObjectURL(link.href);
}

function filename(response: Response): string | undefined {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
}
