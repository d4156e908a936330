import { linkToken } from "./links";
import { Steps } from "./SignIn";

/** Where the links of invitations and reset letters lead. */
export function SetPassword() {
  return <Steps start={{ kind: "password", token: linkToken() }} back="/" />;
}
