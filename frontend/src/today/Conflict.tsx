import { useTranslation } from "react-i18next";
import { useOutcomes } from "../api/vocabulary";
import { SideBySide } from "../parts/conflict";
import { useDates } from "../parts/dates";
import type { Activity, Draft } from "./record";

interface Props {
  theirs: Activity;
  mine: Draft;
  /** Both sent the same at once: the second was not recorded. */
  same: boolean;
  keep: () => void;
  correct: (activity: string) => void;
}

/** A colleague recorded the hearing meanwhile: both side by side, theirs kept or corrected. */
export function Conflict({ theirs, mine, same, keep, correct }: Props) {
  const { t } = useTranslation("today");
  const { day } = useDates();
  const outcomes = useOutcomes(true);
  const label = (id: string | null | undefined) => outcomes.find((outcome) => outcome.id === id)?.label ?? "–";
  const differences = [
    { name: t("outcome"), theirs: label(theirs.outcome_id), mine: label(mine.outcome_id) },
    { name: t("next"), theirs: day(theirs.next_on), mine: day(mine.next_on) },
  ];
  return <SideBySide text={t(same ? "conflictSame" : "conflict")} differences={differences} keep={keep} replace={() => { correct(theirs.id); }} />;
}
