import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { Dialog } from "../parts/dialog";
import { hasRole, useUser } from "../session/store";
import { Change } from "./Change";
import { Order, Remove } from "./Order";
import { Seal } from "./Seal";
import { Transfer } from "./Transfer";

type Case = Schemas["CaseRead"];
const FORMS = { change: Change, seal: Seal, transfer: Transfer, order: Order, remove: Remove };
type Form = keyof typeof FORMS;

const FORM_NAMES = ["change", "seal", "transfer", "order", "remove"] as const satisfies Form[];

export interface FormProps {
  shown: Case;
  done: () => void;
}

/** What may be done to a case, each in a dialog; the API decides whether this user may. */
export function Actions({ shown }: { shown: Case }) {
  const { t } = useTranslation("case");
  const client = useQueryClient();
  const [open, setOpen] = useState<Form | null>(null);
  const close = () => { setOpen(null); };
  const done = () => {
    close();
    void client.invalidateQueries({ queryKey: ["case", shown.id] });
  };
  const name = (form: Form) => t(form === "seal" && shown.sealed ? "action.unseal" : `action.${form}`);
  // Administrators seal; a clerk proposes a transfer, which an administrator decides.
  const allowed = hasRole(useUser(), "admin") ? FORM_NAMES : FORM_NAMES.filter((form) => form !== "seal");
  const Shown = open && FORMS[open];
  return (
    <Group gap="xs" className="no-print">
      {allowed.map((form) => (
        <Button key={form} size="xs" variant="default" onClick={() => { setOpen(form); }}>{name(form)}</Button>
      ))}
      <Dialog opened={open !== null} close={close} title={open && name(open)}>
        {Shown && <Shown shown={shown} done={done} />}
      </Dialog>
    </Group>
  );
}
