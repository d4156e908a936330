/** Keyset lists without end: the next page is fetched when the end of the list comes into view. */
import { Button, Center, Loader, Text } from "@mantine/core";
import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Shown } from "./states";

export interface KeysetPage<T> {
  items: T[];
  next_cursor?: string | null;
  total?: number | null;
}

export function useEndless<T>(key: QueryKey, page: (cursor?: string) => Promise<KeysetPage<T>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return { ...query, data: query.data?.pages.flatMap((each) => each.items) };
}

type Endless<T> = ReturnType<typeof useEndless<T>>;

/** A list in whichever state it is in, with its end; or the text that says that it is empty. */
export function EndlessList<T>({ query, empty, children }: { query: Endless<T>; empty: string; children: (items: T[]) => ReactNode }) {
  return (
    <Shown query={query}>
      {(items) => (items.length === 0 ? <Empty>{empty}</Empty> : <>{children(items)}<ListEnd query={query} count={items.length} /></>)}
    </Shown>
  );
}

interface EndProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  count: number;
}

/** The end of a list: more by itself when seen, by the button for keyboards and readers. */
export function ListEnd({ query, count }: EndProps) {
  const { t } = useTranslation("parts");
  const mark = useRef<HTMLDivElement>(null);
  const focused = useRef(false);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (mark.current === null || !hasNextPage || isFetchingNextPage) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      focused.current = document.activeElement?.closest("button")?.parentElement === mark.current;
      fetchNextPage();
    });
    observer.observe(mark.current);
    return () => { observer.disconnect(); };
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    // The button is no longer there; who was on it goes on from here, not from the top of the page.
    if (focused.current && !hasNextPage && document.activeElement === document.body) mark.current?.focus();
  }, [hasNextPage]);
  return (
    <Center py="md" ref={mark} tabIndex={-1}>
      {hasNextPage ? (
        // Not disabled while it loads: that would take the focus from it.
        <Button variant="default" aria-busy={isFetchingNextPage} leftSection={isFetchingNextPage && <Loader size="xs" aria-hidden />} onClick={() => { focused.current = true; if (!isFetchingNextPage) fetchNextPage(); }}>
          {t("more")}
        </Button>
      ) : (
        <Text size="sm" role="status">{t("end", { count })}</Text>
      )}
    </Center>
  );
}
