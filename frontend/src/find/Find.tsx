import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page";
import { hasRole, useUser } from "../session/store";
import { Filters } from "./Filters";
import { Results } from "./Results";
import type { FindSearch } from "./route";

const PAUSE_MS = 200;
const route = getRouteApi("/console/find");

export function Find() {
  const { t } = useTranslation("find");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: FindSearch) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const [typed, setTyped] = useState(search.q ?? "");
  const look = useDebouncedCallback((q: string) => { set({ q: q.trim() || undefined }); }, PAUSE_MS);
  const register = hasRole(useUser(), "data_entry", "admin") && (
    <Button component={Link} to="/cases/new">{t("register")}</Button>
  );
  return (
    <Page title={t("title")} actions={register}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          // Straight to the first case, so that a number and Enter twice open it.
          document.querySelector<HTMLElement>(".result a")?.focus();
        }}
      >
        <TextInput
          type="search"
          label={t("box")}
          description={t("help")}
          value={typed}
          autoFocus
          onChange={({ currentTarget: { value } }) => { setTyped(value); look(value); }}
        />
      </form>
      <Filters search={search} set={set} />
      <Results search={search} />
    </Page>
  );
}
