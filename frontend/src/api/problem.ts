/** A refusal of the API (RFC 9457), or why no answer came. */
import type { components } from "./schema";

type Body = Partial<components["schemas"]["Problem"]>;

export class ProblemError extends Error {
  override name = "ProblemError";

  constructor(
    readonly status: number,
    readonly body: Body,
  ) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
  }

  static async of(response: Response): Promise<ProblemError> {
    const text = await response.clone().text();
    return new ProblemError(response.status, parsed(text, response));
  }

  get code(): string {
    return this.body.code ?? "unknown";
  }

  get requestId(): string | undefined {
    return this.body.request_id ?? undefined;
  }

  /** What is wrong with each field, by its name in the request. */
  get fields(): Readonly<Record<string, string>> {
    const errors = this.body.errors ?? [];
    return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
  }
}

/** Whether no answer came at all: fetch throws a TypeError then. */
export function isOffline(error: unknown): boolean {
  return error instanceof TypeError;
}

/** Whether a figure takes longer than one request may: each further one goes on with it. */
export function isBeingCounted(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "figure-being-counted";
}

function parsed(text: string, response: Response): Body {
  const unknown = { request_id: response.headers.get("X-Request-ID") };
  try {
    return { ...unknown, ...(JSON.parse(text) as Body) };
  } catch {
    return unknown;
  }
}
