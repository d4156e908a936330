import { useTranslation } from "react-i18next";
import { Failure } from "../parts/states";
import { Guest } from "../session/Guest";

/** In place of the console while it is not known whether there is a session. */
export function Unreachable({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  return <Guest title={t("title")}><Failure error={error} retry={retry} /></Guest>;
}
