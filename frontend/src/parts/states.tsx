/** The states that every list and form has besides its content. */
import { Alert, Button, Center, Loader, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isBeingCounted, isOffline, ProblemError } from "../api/problem";

export function Loading({ counting = false }: { counting?: boolean }) {
  const { t } = useTranslation("parts");
  return (
    <Center py="xl" role="status">
      <Loader size="sm" aria-hidden />
      <Text ml="sm">{t(counting ? "counting" : "loading")}</Text>
    </Center>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return (
    <Center py="xl">
      <Text>{children}</Text>
    </Center>
  );
}

/** What went wrong, in the API's words, and the ID under which operators find it in the logs. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation("parts");
  const requestId = error instanceof ProblemError ? error.requestId : undefined;
  const offline = isOffline(error);
  return (
    <Alert color="red" role="alert" title={offline ? t("offline.title") : title(error, t("error.title"))}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{offline ? t("offline.text") : detail(error)}</Text>
        {requestId !== undefined && <Text size="xs">{t("error.requestId", { id: requestId })}</Text>}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("error.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function title(error: unknown, otherwise: string): string {
  return (error instanceof ProblemError && error.body.title) || otherwise;
}

function detail(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Queried<T> {
  data: T | undefined;
  error: Error | null;
  failureReason: Error | null;
  refetch: () => unknown;
}

/** A query's content, or the state that it is in; old content stays while newer is awaited. */
export function Shown<T>({ query, children }: { query: Queried<T>; children: (data: T) => ReactNode }) {
  const counting = isBeingCounted(query.failureReason);
  if (query.data !== undefined) {
    return (
      <>
        {counting && <Loading counting />}
        {query.error && <Failure error={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  return query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading counting={counting} />;
}
