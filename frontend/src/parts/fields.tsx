/** The fields of a form by their description; what is entered goes to the API as JSON has it. */
import { MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Body, Values } from "./values";

type Choice = { value: string; label: string } | { group: string; items: { value: string; label: string }[] };

export interface Field {
  name: string;
  label: string;
  kind?: "text" | "email" | "date" | "number" | "area" | "select" | "list" | "yes";
  data?: readonly Choice[];
  required?: boolean;
  help?: string;
}

interface Props {
  fields: readonly Field[];
  values: Values;
  errors: Readonly<Record<string, string>>;
  set: (name: string, value: Body[string]) => void;
}

export function Fields({ fields, values, errors, set }: Props) {
  return fields.map((field) => (
    <Entry key={field.name} field={field} value={values[field.name]} error={errors[field.name]} set={(value) => { set(field.name, value); }} />
  ));
}

function Entry({ field, value, error, set }: { field: Field; value: unknown; error?: string; set: (value: Body[string]) => void }) {
  const { t } = useTranslation("parts");
  const { kind = "text", label, help: description, required } = field;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const shared = { label, description, required, error };
  if (kind === "list") {
    return <MultiSelect {...shared} data={[...(field.data ?? [])]} value={Array.isArray(value) ? value.map(String) : []} onChange={set} searchable hidePickedOptions nothingFoundMessage={t("nothingFound")} clearButtonProps={{ "aria-label": t("clear") }} />;
  }
  if (kind === "yes") {
    const answers = [{ value: "", label: "–" }, { value: "true", label: t("yes") }, { value: "false", label: t("no") }];
    return <NativeSelect {...shared} data={required ? answers.slice(1) : answers} value={typeof value === "boolean" ? String(value) : ""} onChange={({ currentTarget }) => { set(currentTarget.value === "" ? null : currentTarget.value === "true"); }} />;
  }
  const onChange = ({ currentTarget }: { currentTarget: { value: string } }) => { set(currentTarget.value === "" ? null : kind === "number" ? Number(currentTarget.value) : currentTarget.value); };
  if (kind === "select") return <NativeSelect {...shared} data={[{ value: "", label: "–" }, ...(field.data ?? [])]} value={text} onChange={onChange} />;
  if (kind === "area") return <Textarea {...shared} autosize minRows={2} value={text} onChange={onChange} />;
  return <TextInput {...shared} type={kind} min={kind === "number" ? 0 : undefined} value={text} onChange={onChange} />;
}

/** A value as its choice is called. */
export function labelled(data: readonly Choice[] | undefined, value: unknown, written: (value: unknown) => string): string {
  const known = (data ?? []).flatMap((each) => ("items" in each ? each.items : [each]));
  const one = (each: unknown) => known.find((choice) => choice.value === each)?.label ?? written(each);
  return Array.isArray(value) ? value.map(one).join(", ") || "–" : one(value);
}
