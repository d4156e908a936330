import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { choices, useCourts } from "../api/vocabulary";
import { FIGURES, type FigureName } from "./catalogue";
import type { Wanted } from "./Figures";
import { fiscalYears, months } from "./period";
import { DIMENSIONS, type FiguresSearch } from "./route";

interface Props {
  wanted: Wanted;
  set: (part: FiguresSearch) => void;
}

export function Filters({ wanted, set }: Props) {
  const { t, i18n } = useTranslation("figures");
  const name = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric", timeZone: "UTC" });
  const monthly = months().map((value) => ({ value, label: name.format(new Date(`${value}-01`)) }));
  const figures = (Object.keys(FIGURES) as FigureName[]).map((value) => ({ value, label: t(`figures.${value}`) }));
  const courts = [{ value: "", label: t("anyCourt") }, ...choices(useCourts(), (court) => court.name)];
  return (
    <Group align="end" className="no-print" role="group" aria-label={t("filters")}>
      <NativeSelect label={t("figure")} data={figures} value={wanted.figure} onChange={({ currentTarget }) => { set({ figure: currentTarget.value as FigureName }); }} />
      <NativeSelect
        label={t("period")}
        data={[{ group: t("fiscalYears"), items: fiscalYears() }, { group: t("months"), items: monthly }]}
        value={wanted.period}
        onChange={({ currentTarget }) => { set({ period: currentTarget.value }); }}
      />
      <NativeSelect
        label={t("group")}
        data={DIMENSIONS.map((value) => ({ value, label: t(`dimensions.${value}`) }))}
        value={wanted.group}
        onChange={({ currentTarget }) => { set({ group: currentTarget.value as Wanted["group"] }); }}
      />
      <NativeSelect label={t("court")} data={courts} value={wanted.court ?? ""} onChange={({ currentTarget }) => { set({ court: currentTarget.value || undefined }); }} />
      <TextInput type="date" label={t("knownOn")} value={wanted.known_on ?? ""} onChange={({ currentTarget }) => { set({ known_on: currentTarget.value || undefined }); }} />
    </Group>
  );
}
