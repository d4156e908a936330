import { Button, Checkbox, FileButton, Group, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answered, api, once } from "../api/client";
import { Failure } from "../parts/states";

interface Sending {
  file: File;
  apply: boolean;
  key: string;
}

/** A file of the body is text to the generated types; what is sent is the form. */
function send({ file, apply, key }: Sending) {
  const form = new FormData();
  form.set("mode", apply ? "apply" : "validate");
  form.set("file", file);
  const body = { file: file.name };
  return answered(api.POST("/api/v1/imports", { params: { header: once(key) }, body, bodySerializer: () => form }));
}

/** Drop a return here, or choose it; it is checked, and changes nothing unless that is wanted at once. */
export function Upload() {
  const { t } = useTranslation("returns");
  const navigate = useNavigate();
  const client = useQueryClient();
  const [apply, setApply] = useState(false);
  const [over, setOver] = useState(false);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (batch) => {
      void client.invalidateQueries({ queryKey: ["imports"] });
      void navigate({ to: "/returns/$batchId", params: { batchId: batch.id } });
    },
  });
  const take = (file: File | null | undefined) => {
    if (file && !sending.isPending) sending.mutate({ file, apply, key: crypto.randomUUID() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const { variables, error } = sending;
  return (
    <Stack gap="xs">
      <Paper
        withBorder
        p="lg"
        className={over ? "dropping drop-over" : "dropping"}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => { setOver(false); }}
        onDrop={drop}
      >
        <Group justify="space-between">
          <div>
            <Text>{t("upload.drop")}</Text>
            <Text size="sm">{t("upload.formats")}</Text>
          </div>
          <FileButton accept=".csv,.xlsx,.txt" inputProps={{ "aria-label": t("upload.file") }} onChange={take}>
            {(props) => <Button {...props} loading={sending.isPending}>{t("upload.choose")}</Button>}
          </FileButton>
        </Group>
        <Checkbox mt="md" label={t("upload.apply")} checked={apply} onChange={(event) => { setApply(event.currentTarget.checked); }} />
      </Paper>
      {/* Sent again with the same key: what did arrive is not imported twice. */}
      {error && <Failure error={error} retry={() => { sending.mutate(variables); }} />}
    </Stack>
  );
}
