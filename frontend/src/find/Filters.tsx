import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { choices, useCaseTypes, useCourts } from "../api/vocabulary";
import { type FindSearch, SORTS, STATUSES } from "./route";

interface Props {
  search: FindSearch;
  set: (part: FindSearch) => void;
}

export function Filters({ search, set }: Props) {
  const { t } = useTranslation("find");
  const any = { value: "", label: t("any") };
  const name = ({ name }: { name: string }) => name;
  const field = (key: keyof FindSearch) => ({
    label: t(`filter.${key}`),
    value: search[key] ?? "",
    onChange: (event: { currentTarget: { value: string } }) => { set({ [key]: event.currentTarget.value || undefined }); },
  });
  return (
    <Group align="end" className="no-print">
      <NativeSelect {...field("court")} data={[any, ...choices(useCourts(), name)]} />
      <NativeSelect {...field("case_type")} data={[any, ...choices(useCaseTypes(), name)]} />
      <NativeSelect {...field("status")} data={[any, ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))]} />
      <TextInput type="date" {...field("filed_from")} />
      <TextInput type="date" {...field("filed_to")} />
      <NativeSelect {...field("sort")} data={SORTS.map((value) => ({ value: value === "-filed_on" ? "" : value, label: t(`sort.${value}`) }))} />
    </Group>
  );
}
