import { Button, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answered, api } from "../api/client";
import { text, useForm } from "../parts/form";
import { Failure, Shown } from "../parts/states";
import { Secret } from "./Secret";
import type { StepProps } from "./SignIn";
import { showFactor } from "./signIn";

export function Enrolment({ step, next }: StepProps<"enrolment">) {
  const { t } = useTranslation("session");
  const body = { challenge_token: step.challenge };
  const secret = useQuery({
    queryKey: ["enrolment", step.challenge],
    queryFn: () => answered(api.POST("/api/v1/auth/login/enrolment", { body })),
    staleTime: Infinity,
  });
  const form = useForm((data) => showFactor(step.challenge, { code: text(data, "code") }), next);
  return (
    <form onSubmit={form.submit}>
      <Title order={2} size="h3" mb="sm">{t("enrolment.title")}</Title>
      <Text size="sm">{t("enrolment.text")}</Text>
      <Shown query={secret}>
        {(made) => <Secret made={made} />}
      </Shown>
      {form.error && <Failure error={form.error} />}
      <TextInput name="code" label={t("factor.code")} inputMode="numeric" autoComplete="one-time-code" required mt="sm" />
      <Button type="submit" fullWidth mt="lg" loading={form.pending}>{t("factor.submit")}</Button>
    </form>
  );
}
