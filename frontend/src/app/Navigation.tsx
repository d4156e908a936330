import { NavLink } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, useUser } from "../session/store";
import { navigation } from "./pages";

export function Navigation() {
  const { t } = useTranslation();
  const user = useUser();
  const lines = navigation.filter(({ roles }) => roles === undefined || hasRole(user, ...roles));
  return lines.map(({ to, text }) => (
    <Link key={to} to={to} className="plain-link">
      {({ isActive }: { isActive: boolean }) => (
        <NavLink component="span" label={t(`pages.${text}`)} active={isActive} />
      )}
    </Link>
  ));
}
