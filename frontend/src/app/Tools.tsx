/** Language, colours and the way out. */
import { Button, Dialog, Group, NativeSelect, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure } from "../parts/states";
import { signOut } from "../session/signOut";
import { useUser } from "../session/store";
import { LANGUAGES, speak, type Language } from "./i18n";

export function Tools() {
  const { t } = useTranslation();
  const user = useUser();
  const leaving = useMutation({ mutationFn: signOut });
  return (
    <Group gap="xs" wrap="nowrap">
      <Languages />
      <Scheme />
      <Button size="xs" variant="default" loading={leaving.isPending} onClick={() => { leaving.mutate(); }} title={t("signedInAs", { name: user.name })}>
        {t("signOut")}
      </Button>
      {leaving.error && <Dialog opened><Failure error={leaving.error} retry={() => { leaving.mutate(); }} /></Dialog>}
    </Group>
  );
}

export function Languages() {
  const { t, i18n } = useTranslation();
  const choices = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }));
  return (
    <NativeSelect
      size="xs"
      aria-label={t("language")}
      data={choices}
      value={i18n.language}
      onChange={(event) => void speak(event.currentTarget.value as Language)}
    />
  );
}

export function Scheme() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = t(dark ? "scheme.light" : "scheme.dark");
  return (
    <Button size="xs" variant="default" aria-label={label} title={label} onClick={() => { setColorScheme(dark ? "light" : "dark"); }}>
      <span aria-hidden>{dark ? "☀" : "☾"}</span>
    </Button>
  );
}
