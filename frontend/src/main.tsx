import "./app/styles";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { readCalendar } from "./api/calendar";
import { queries } from "./api/queries";
import { startTexts } from "./app/i18n";
import { printLight } from "./app/print";
import { followSession, router } from "./app/router";
import { pointedAt, theme } from "./app/theme";
import { Unreachable } from "./app/Unreachable";
import { restoreSession } from "./session/restore";

// The policy service writes a new one into each page; styles of components are allowed by it.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);
printLight();

const root = createRoot(document.getElementById("root") ?? document.body);
const show = (content: ReactNode) => {
  root.render(<MantineProvider theme={theme} cssVariablesResolver={pointedAt} defaultColorScheme="auto" getStyleNonce={() => nonce}>{content}</MantineProvider>);
};

/** A session that cannot be asked for may be alive: it is tried again, not ended. Days need the courts' time zone. */
async function start(): Promise<void> {
  try {
    await Promise.all([restoreSession(), readCalendar()]);
  } catch (error) {
    show(<Unreachable error={error} retry={() => void start()} />);
    return;
  }
  followSession();
  show(<QueryClientProvider client={queries}><RouterProvider router={router} /></QueryClientProvider>);
}

await startTexts();
await start();
