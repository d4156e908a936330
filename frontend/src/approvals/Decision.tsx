import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, once } from "../api/client";
import { Failure } from "../parts/states";
import type { Request } from "./sides";

type Verdict = "accept" | "reject";

/** Accept or reject, with a note to who proposed. What has become impossible says why, and stays. */
export function Decision({ request }: { request: Request }) {
  const { t } = useTranslation("approvals");
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const deciding = useMutation({
    mutationFn: ({ verdict, key }: { verdict: Verdict; key: string }) => {
      const given = { params: { path: { request_id: request.id }, header: once(key) }, body: { note: note.trim() || null } };
      return verdict === "accept" ? api.POST("/api/v1/requests/{request_id}/accept", given) : api.POST("/api/v1/requests/{request_id}/reject", given);
    },
    // A decision may change anything that is shown anywhere.
    onSuccess: () => client.invalidateQueries(),
  });
  const decide = (verdict: Verdict) => () => { deciding.mutate({ verdict, key: crypto.randomUUID() }); };
  return (
    <>
      <Group mt="xs" align="end">
        <TextInput size="xs" label={t("decision.note")} value={note} maxLength={500} onChange={(event) => { setNote(event.currentTarget.value); }} />
        <Button size="xs" loading={deciding.isPending} onClick={decide("accept")}>{t("decision.accept")}</Button>
        <Button size="xs" variant="default" loading={deciding.isPending} onClick={decide("reject")}>{t("decision.reject")}</Button>
      </Group>
      {deciding.error && <Failure error={deciding.error} />}
    </>
  );
}
