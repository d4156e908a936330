import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure } from "../parts/states";
import { DIRECTORIES } from "./directories";
import { leave } from "./directory";

/** A button for each directory of the settings; without any there is nothing. */
export function Directories({ back }: { back: string }) {
  const { t } = useTranslation("session");
  const { data = [], error, refetch } = useQuery(DIRECTORIES);
  const leaving = useMutation({ mutationFn: (start: string) => leave(start, back) });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <>
      {data.map(({ id, label, start }) => (
        <Button key={id} variant="default" fullWidth mt="sm" loading={leaving.isPending && leaving.variables === start} onClick={() => { leaving.mutate(start); }}>
          {t("directory.open", { name: label })}
        </Button>
      ))}
      {leaving.error && <Failure error={leaving.error} />}
    </>
  );
}
