/** Words of the audit log: why something was refused or ended. */
import { useTranslation } from "react-i18next";
import type texts from "./en.json";

/** A reason in words; one that has none yet, as the API says it. */
export function useReason(): (reason: string | null) => string | null {
  const { t } = useTranslation("parts");
  return (reason) => reason && t(`reasons.${reason as keyof typeof texts.reasons}`, { defaultValue: reason.replaceAll("-", " ") });
}
