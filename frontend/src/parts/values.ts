/** Values of a form's fields, as the API has them: null where nothing is entered. */
export type Value = string | number | boolean | null | readonly string[];
export type Body = Readonly<Record<string, Value>>;
export type Values = Readonly<Record<string, unknown>>;

const equal = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** What differs from the values that were read; spaces around a text do not count. */
export function changed(from: Values, to: Body): Body {
  const trimmed = Object.entries(to).map(([name, value]) => [name, typeof value === "string" ? value.trim() || null : value] as const);
  return Object.fromEntries(trimmed.filter(([name, value]) => !equal(from[name], value)));
}
