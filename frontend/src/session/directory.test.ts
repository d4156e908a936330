import { expect, test } from "vitest";
import { answerOf, challengeOf, finish } from "./directory";

const UNDER_WAY = JSON.stringify({ secret: "kept", back: "/find" });

test("the challenge is that of RFC 7636, appendix B", async () => {
  expect(await challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
});

test("an answer has the code behind # and what the tab remembers", () => {
  expect(answerOf("#code=a.b%2Fc", UNDER_WAY)).toEqual({ code: "a.b/c", error: null, underWay: { secret: "kept", back: "/find" } });
});

test.each([
  ["#error=account-unavailable", UNDER_WAY, "account-unavailable"],
  ["#error=%3Cscript%3E", UNDER_WAY, "directory-refused"],
  ["#code=stolen", null, "sign-in-state-invalid"],
  ["", UNDER_WAY, undefined],
])("%s with %s is no session", async (hash, stored, refusal) => {
  expect(await finish(answerOf(hash, stored))).toEqual({ kind: "credentials", refusal });
});
