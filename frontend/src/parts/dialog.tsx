/** Dialogs, and the question before what cannot be undone. */
import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useActing } from "./acting";
import { Failure } from "./states";

interface DialogProps {
  opened: boolean;
  close: () => void;
  title: ReactNode;
  children: ReactNode;
}

export function Dialog({ opened, close, title, children }: DialogProps) {
  const { t } = useTranslation("parts");
  return (
    <Modal opened={opened} onClose={close} size="lg" title={title} closeButtonProps={{ "aria-label": t("close") }}>
      {children}
    </Modal>
  );
}

interface OpenerProps {
  label: string;
  /** Says of which of many it is, where the label alone does not. */
  of?: string;
  children: (close: () => void) => ReactNode;
}

/** A button, and the dialog that it opens. */
export function Opener({ label, of, children }: OpenerProps) {
  const [opened, { open, close }] = useDisclosure();
  const name = of === undefined ? label : `${label}: ${of}`;
  return (
    <>
      <Button size="xs" variant="default" aria-label={name} onClick={open}>{label}</Button>
      <Dialog opened={opened} close={close} title={name}>{opened && children(close)}</Dialog>
    </>
  );
}

interface QuestionProps<T> extends Omit<OpenerProps, "children"> {
  text: string;
  act: () => Promise<T>;
  done?: () => unknown;
  /** What came of it, where that is to be read before the dialog closes. */
  result?: (made: T) => ReactNode;
}

/** A button that acts once its question was answered. */
export function Question<T>({ label, of, ...asked }: QuestionProps<T>) {
  return <Opener label={label} of={of}>{(close) => <Asked label={label} close={close} {...asked} />}</Opener>;
}

function Asked<T>({ label, text, act, done, result, close }: QuestionProps<T> & { close: () => void }) {
  const [made, setMade] = useState<T>();
  const acting = useActing<T>((value) => {
    void done?.();
    if (result === undefined) close();
    else setMade(value);
  });
  if (made !== undefined && result) return result(made);
  return (
    <Stack align="flex-start">
      <Text size="sm">{text}</Text>
      {acting.error && <Failure error={acting.error} />}
      <Button loading={acting.isPending} onClick={() => { acting.mutate(act); }} data-autofocus>{label}</Button>
    </Stack>
  );
}
