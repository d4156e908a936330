import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "../api/problem";
import { SideBySide } from "./conflict";
import { type Field, Fields, labelled } from "./fields";
import { fieldsOf } from "./form";
import { useWritten } from "./names";
import { Failure } from "./states";
import { type Body, changed, type Values } from "./values";

interface At {
  version: number;
  key: string;
}

interface Props<R extends Values, M> {
  fields: readonly Field[];
  /** As it was read; with its version where it is changed, without where it is made. */
  start: R;
  /** Reads it again, for a look at what a colleague has changed. */
  read?: () => Promise<R>;
  save: (body: Body, at: At) => Promise<{ data?: M; response: Response }>;
  /** After it was made or changed; without what came of it where a colleague's is kept. */
  done: (made?: M) => unknown;
  submit: string;
  text?: string;
}

/** Makes or changes one thing. A colleague's change meanwhile is shown next to one's own (412). */
export function EditForm<R extends Values, M>({ fields, start, read, save, done, submit, text }: Props<R, M>) {
  const { t } = useTranslation("parts");
  const written = useWritten();
  const names = fields.map(({ name }) => name);
  // What was read when the form opened: a refresh behind it must not pass for the user's having seen it.
  const [from] = useState<Values>(start.version === undefined ? {} : start);
  const [values, setValues] = useState<Body>(() => Object.fromEntries(names.map((name) => [name, (start[name] ?? null) as Body[string]])));
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [theirs, setTheirs] = useState<R>();
  const saving = useMutation({
    // One's own changes alone, also over theirs: what they changed elsewhere stays.
    mutationFn: (over: Values) => save(changed(from, values), { version: Number(over.version), key }),
    onSuccess: ({ data, response }) => { if (response.status !== 202) done(data); },
    onError: async (error) => {
      if (read && error instanceof ProblemError && error.status === 412) setTheirs(await read());
    },
  });
  const set = (name: string, value: Body[string]) => {
    setValues({ ...values, [name]: value });
    // A key is for one body: what is changed after a refusal is another request.
    setKey(crypto.randomUUID());
  };
  if (saving.data?.response.status === 202) return <Alert color="green" role="status" title={t("proposed.title")}>{t("proposed.text")}</Alert>;
  const mine = changed(from, values);
  const differences = fields
    .filter(({ name }) => name in mine)
    .map(({ name, label, data }) => ({ name: label, theirs: labelled(data, theirs?.[name], written), mine: labelled(data, values[name], written) }));
  return (
    <form onSubmit={(event) => { event.preventDefault(); saving.mutate(theirs ?? from); }}>
      <Stack gap="sm">
        {text && <Text size="sm">{text}</Text>}
        <Fields fields={fields} values={values} errors={fieldsOf(saving.error)} set={set} />
        {theirs ? (
          <SideBySide
            text={t("conflict.text")}
            differences={differences}
            keep={() => done()}
            replace={() => { saving.mutate(theirs); }}
          />
        ) : (
          <>
            {saving.error && <Failure error={saving.error} />}
            <Button type="submit" loading={saving.isPending}>{submit}</Button>
          </>
        )}
      </Stack>
    </form>
  );
}
