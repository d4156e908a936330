// The texts of each page by its folder: a key that is not there does not compile.
import "i18next";
import type account from "../account/en.json";
import type app from "./en.json";
import type approvals from "../approvals/en.json";
import type kase from "../case/en.json";
import type figures from "../figures/en.json";
import type find from "../find/en.json";
import type parts from "../parts/en.json";
import type people from "../people/en.json";
import type returns from "../returns/en.json";
import type session from "../session/en.json";
import type today from "../today/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: {
      account: typeof account;
      app: typeof app;
      approvals: typeof approvals;
      case: typeof kase;
      figures: typeof figures;
      find: typeof find;
      parts: typeof parts;
      people: typeof people;
      returns: typeof returns;
      session: typeof session;
      today: typeof today;
    };
  }
}
