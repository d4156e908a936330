import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A password, which its eye shows; Mantine's name of that is English. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation("parts");
  return <PasswordInput {...props} visibilityToggleButtonProps={{ "aria-label": t("showPassword") }} />;
}
