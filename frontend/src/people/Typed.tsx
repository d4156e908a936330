import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const PAUSE_MS = 250;

interface Props {
  label: string;
  value: string | undefined;
  set: (value: string | undefined) => void;
}

/** A filter that is typed, and followed at each pause; a link may set it too. */
export function Typed({ label, value = "", set }: Props) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  const follow = useDebouncedCallback((text: string) => { set(text.trim() || undefined); }, PAUSE_MS);
  if (value !== seen) {
    setSeen(value);
    if (value !== typed.trim()) setTyped(value);
  }
  return <TextInput label={label} value={typed} onChange={({ currentTarget }) => { setTyped(currentTarget.value); follow(currentTarget.value); }} />;
}
