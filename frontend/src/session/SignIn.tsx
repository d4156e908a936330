import { Alert, Button, Title } from "@mantine/core";
import { Navigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Codes } from "./Codes";
import { Credentials } from "./Credentials";
import { Enrolment } from "./Enrolment";
import { Factor } from "./Factor";
import { Forgotten } from "./Forgotten";
import { Guest } from "./Guest";
import { NewPassword } from "./NewPassword";
import { askPasskey, showFactor, type Step } from "./signIn";
import { session, useSessionState } from "./store";

export interface StepProps<K extends Step["kind"]> {
  step: Extract<Step, { kind: K }>;
  next: (step: Step | null) => void;
}

interface CurrentProps {
  step: Step;
  next: (step: Step | null) => void;
  back: string;
}

export function SignIn() {
  const { back = "/" } = useSearch({ from: "/sign-in" });
  return <Steps start={{ kind: "credentials" }} back={back} />;
}

/** From a first step to the page that was wanted. */
export function Steps({ start, back }: { start: Step | null; back: string }) {
  const { t } = useTranslation("session");
  const [step, setStep] = useState(start);
  const signedIn = typeof useSessionState() === "object";
  // Recovery codes are read before the console opens, and a link is followed by signed-in users too.
  const finished = step?.kind !== "recovery-codes" && step?.kind !== "password";
  if (signedIn && finished) return <Navigate to={back} replace />;
  return (
    <Guest title={t("title")}>
      {step && <CurrentStep step={step} next={setStep} back={back} />}
      {step && LEFT.includes(step.kind) && (
        <Button variant="subtle" onClick={() => { setStep({ kind: "credentials" }); }}>{t("back")}</Button>
      )}
    </Guest>
  );
}

/** From these one begins again, as with another account or after the step has expired. */
const LEFT: readonly Step["kind"][] = ["forgotten", "factor", "enrolment"];

function CurrentStep({ step, next, back }: CurrentProps) {
  const { t } = useTranslation("session");
  switch (step.kind) {
    case "credentials":
      return (
        <>
          {step.note && <Alert color="green" role="status">{t(step.note)}</Alert>}
          {step.refusal && <Alert color="red" role="alert">{t(`directory.refusals.${step.refusal}`)}</Alert>}
          <Credentials next={next} back={back} />
        </>
      );
    case "forgotten":
      return <Forgotten next={next} />;
    case "factor":
      return <FactorStep step={step} next={next} />;
    case "enrolment":
      return <Enrolment step={step} next={next} />;
    case "password":
      return <NewPassword step={step} next={next} />;
    case "recovery-codes":
      return <Codes codes={step.codes} done={() => { session.begin(step.tokens); next(null); }} />;
  }
}

function FactorStep({ step: { challenge, methods, passkey }, next }: StepProps<"factor">) {
  const { t } = useTranslation("session");
  const byPasskey = passkey && (async () => showFactor(challenge, { passkey: await askPasskey(passkey) }));
  return (
    <>
      <Title order={2} size="h3">{t("factor.title")}</Title>
      <Factor methods={methods} show={(proof) => showFactor(challenge, proof)} byPasskey={byPasskey} done={next} />
    </>
  );
}
