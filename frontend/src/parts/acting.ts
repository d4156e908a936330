/** Doing something to what is shown. */
import { useMutation } from "@tanstack/react-query";

type Act<T> = () => Promise<T>;

export function useActing<T>(done: (result: T) => unknown) {
  return useMutation({ mutationFn: (act: Act<T>) => act(), onSuccess: done });
}
