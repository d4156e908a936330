/** Forms: their fields are the browser's, and what is wrong with one is what the API says. */
import { useMutation } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { ProblemError } from "../api/problem";

interface Form {
  submit: (event: SubmitEvent<HTMLFormElement>) => void;
  pending: boolean;
  error: Error | null;
}

/** Sends the fields by `send`; what it gives goes on to `done`. */
export function useForm<T>(send: (data: FormData) => Promise<T>, done: (result: T) => void): Form {
  const sending = useMutation({ mutationFn: send, onSuccess: done });
  return {
    submit: (event) => {
      event.preventDefault();
      if (!sending.isPending) sending.mutate(new FormData(event.currentTarget));
    },
    pending: sending.isPending,
    error: sending.error,
  };
}

export function text(data: FormData, name: string): string {
  return secret(data, name).trim();
}

/** As it was typed: spaces belong to a password. */
export function secret(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}

/** As `text`, and null where nothing was entered. */
export function optional(data: FormData, name: string): string | null {
  return text(data, name) || null;
}

export function fieldsOf(error: unknown): Readonly<Record<string, string>> {
  return error instanceof ProblemError ? error.fields : {};
}
