import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Shown } from "../parts/states";
import { finish, readAnswer } from "./directory";
import { Guest } from "./Guest";
import { Steps } from "./SignIn";

/** Where a sign-in through a directory ends: with a code for a session, or with why there is none. */
export function SignedIn() {
  const { t } = useTranslation("session");
  const [answer] = useState(readAnswer);
  const step = useQuery({ queryKey: ["directory-sign-in", answer.code], queryFn: () => finish(answer), staleTime: Infinity, gcTime: 0 });
  const back = answer.underWay?.back ?? "/";
  if (step.data !== undefined) return <Steps start={step.data} back={back} />;
  return (
    <Guest title={t("title")}>
      <Shown query={step}>{() => null}</Shown>
      <Anchor component={Link} to="/sign-in">{t("back")}</Anchor>
    </Guest>
  );
}
