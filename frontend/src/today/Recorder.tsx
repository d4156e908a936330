import { Button, Group, Kbd, NativeSelect, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { choices, useActivityTypes, useOutcomes, useReasons } from "../api/vocabulary";
import { fieldsOf } from "../parts/form";
import { Failure } from "../parts/states";
import { type Chosen, countUse, keyed, press, rememberType, typeOf } from "./keys";
import { AlreadyRecorded, type Draft, record, type Target } from "./record";

// Its table is as large as the rest of the page, and seldom shown.
const Conflict = lazy(async () => ({ default: (await import("./Conflict")).Conflict }));
const NOTHING: Chosen = { outcome: "", next: "", step: "outcome" };

const MOVES: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

interface Props extends Target {
  /** To a hearing before or after this one. */
  move: (step: number) => void;
  /** Something has been entered for this hearing; or nothing any more. */
  begin: (hearing?: string) => void;
}

export function Recorder({ move, begin, ...target }: Props) {
  const { t } = useTranslation("today");
  const { hearing, on } = target;
  const outcomes = useOutcomes();
  const types = useActivityTypes().filter((type) => type.counts_as_hearing);
  const reasons = useReasons();
  const [chosen, setChosen] = useState(NOTHING);
  const [reason, setReason] = useState("");
  const [type, setType] = useState<string>();
  const group = useRef<HTMLFormElement>(null);
  const client = useQueryClient();
  const keys = keyed(outcomes);
  const outcome = outcomes.find(({ id }) => id === chosen.outcome);
  const activityType = type ?? typeOf(hearing.purpose_id, types);
  const draft: Draft = { activity_type_id: activityType, outcome_id: chosen.outcome || null, reason_id: reason || null, next_on: chosen.next || null };
  const [key] = useState(() => crypto.randomUUID());
  const recording = useMutation({
    mutationFn: (supersedes?: string) => record(target, draft, supersedes ?? key, supersedes),
    onSuccess: () => { countUse(chosen.outcome); rememberType(activityType); begin(); },
    // After a refusal too: the list may be what is out of date.
    onSettled: (_, error) => error instanceof AlreadyRecorded ? undefined : client.invalidateQueries({ queryKey: ["hearings"] }),
  });
  useEffect(() => {
    // Ready for the next one; a person who is in a field stays there.
    if (document.activeElement === document.body || document.activeElement?.tagName === "H1") group.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.target !== group.current || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = MOVES[event.key];
    if (step !== undefined) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter") send();
    else {
      const next = press(event.key, chosen, keys, on) ?? chosen;
      setChosen(next);
      begin(next.outcome ? hearing.hearing_id : undefined);
    }
  };
  const send = () => { if (chosen.outcome && activityType && !recording.isPending) recording.mutate(undefined); };
  const errors = fieldsOf(recording.error);
  return (
    <form ref={group} className="recorder no-print" tabIndex={0} aria-label={t("record", { number: hearing.number })} onChange={() => { begin(hearing.hearing_id); }} onKeyDown={onKeyDown} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Group gap="xs" mt="xs" aria-hidden>
        {keys.map(({ id, label }, place) => (
          <Text key={id} size="xs" fw={id === chosen.outcome ? 700 : 400}><Kbd>{place + 1}</Kbd> {label}</Text>
        ))}
      </Group>
      <Group align="end" mt="xs">
        <NativeSelect label={t("type")} value={activityType} data={[{ value: "", label: "–" }, ...choices(types, ({ label }) => label)]} onChange={(event) => { setType(event.currentTarget.value); }} />
        <NativeSelect label={t("outcome")} value={chosen.outcome} error={errors.outcome_id} data={[{ value: "", label: "–" }, ...choices(outcomes, ({ label }) => label)]} onChange={(event) => { setChosen({ ...chosen, outcome: event.currentTarget.value, step: "weeks" }); }} />
        {outcome?.effect === "adjourn" && (
          <NativeSelect label={t("reason")} value={reason} error={errors.reason_id} data={[{ value: "", label: "–" }, ...choices(reasons, ({ label }) => label)]} onChange={(event) => { setReason(event.currentTarget.value); }} />
        )}
        <TextInput type="date" label={t("next")} value={chosen.next} min={on} error={errors.next_on} onChange={(event) => { setChosen({ ...chosen, next: event.currentTarget.value }); }} />
        <Button type="submit" disabled={!chosen.outcome || !activityType} loading={recording.isPending}>{t("submit")}</Button>
      </Group>
      <Text size="xs" mt="xs" role="status">{t(chosen.step === "weeks" ? "hint.weeks" : "hint.outcome")}</Text>
      {recording.error instanceof AlreadyRecorded ? (
        <Suspense>
          <Conflict
            same={recording.error.same}
            theirs={recording.error.theirs}
            mine={draft}
            keep={() => { begin(); void client.invalidateQueries({ queryKey: ["hearings"] }); }}
            correct={(id) => { recording.mutate(id); }}
          />
        </Suspense>
      ) : (
        recording.error && <Failure error={recording.error} />
      )}
    </form>
  );
}
