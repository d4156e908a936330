import { Alert, Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once, type Schemas } from "../api/client";
import { fieldsOf, text, useForm } from "../parts/form";
import { Failure } from "../parts/states";
import { batchKey } from "./following";

type BatchRead = Schemas["BatchRead"];
type Step = "apply" | "retry" | "validate";

const STEPS: Partial<Record<BatchRead["state"], readonly Step[]>> = { validated: ["apply", "validate"], partial: ["apply", "retry"] };
const REVERTIBLE: readonly BatchRead["state"][] = ["applied", "partial"];

/** What may be done to a return in its state; the API decides whether this user may. */
export function Actions({ batch }: { batch: BatchRead }) {
  const { t } = useTranslation("returns");
  const client = useQueryClient();
  const [reverting, setReverting] = useState(false);
  const close = () => { setReverting(false); };
  const params = { path: { batch_id: batch.id } };
  const stepping = useMutation({
    mutationFn: ({ step, key }: { step: Step; key: string }) => {
      const given = { params: { ...params, header: once(key) } };
      const calls = {
        apply: () => answered(api.POST("/api/v1/imports/{batch_id}/apply", given)),
        retry: () => answered(api.POST("/api/v1/imports/{batch_id}/rows/retry", given)),
        validate: () => answered(api.POST("/api/v1/imports/{batch_id}/validate", given)),
      };
      return calls[step]();
    },
    onSuccess: (next) => {
      client.setQueryData(batchKey(batch.id), next);
      return client.invalidateQueries({ queryKey: ["imports"] });
    },
  });
  return (
    <Group gap="xs">
      {STEPS[batch.state]?.map((step, index) => (
        <Button key={step} size="xs" variant={index === 0 ? "filled" : "default"} loading={stepping.isPending} onClick={() => { stepping.mutate({ step, key: crypto.randomUUID() }); }}>
          {t(`action.${step}`)}
        </Button>
      ))}
      {REVERTIBLE.includes(batch.state) && <Button size="xs" variant="default" onClick={() => { setReverting(true); }}>{t("action.revert")}</Button>}
      <Modal opened={reverting} onClose={close} title={t("action.revert")} closeButtonProps={{ "aria-label": t("close") }}>
        <Revert batch={batch} done={close} />
      </Modal>
      {stepping.error && <Failure error={stepping.error} />}
    </Group>
  );
}

/** Done by administrators, proposed by others. */
function Revert({ batch, done }: { batch: BatchRead; done: () => void }) {
  const { t } = useTranslation("returns");
  const client = useQueryClient();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [proposed, setProposed] = useState(false);
  const form = useForm(
    async (data) => {
      const params = { path: { batch_id: batch.id }, header: once(key) };
      return (await api.POST("/api/v1/imports/{batch_id}/revert", { params, body: { reason: text(data, "reason") } })).response.status;
    },
    (status) => {
      if (status === 202) { setProposed(true); return; }
      void client.invalidateQueries({ queryKey: ["import", batch.id] });
      done();
    },
  );
  if (proposed) return <Alert color="green" role="status">{t("revert.proposed")}</Alert>;
  return (
    <form onSubmit={form.submit} onChange={() => { setKey(crypto.randomUUID()); }}>
      <Text size="sm">{t("revert.text")}</Text>
      <Textarea name="reason" label={t("revert.reason")} error={fieldsOf(form.error).reason} required data-autofocus mt="sm" />
      {form.error && <Failure error={form.error} />}
      <Button type="submit" mt="md" loading={form.pending}>{t("action.revert")}</Button>
    </form>
  );
}
