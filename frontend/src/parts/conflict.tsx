/** Two versions of one thing side by side, where they differ, and the choice between them. */
import { Alert, Button, Group, Table } from "@mantine/core";
import { useTranslation } from "react-i18next";

export interface Difference {
  name: string;
  theirs: string;
  mine: string;
}

interface Props {
  differences: readonly Difference[];
  keep: () => void;
  replace: () => void;
  text: string;
}

export function SideBySide({ differences, keep, replace, text }: Props) {
  const { t } = useTranslation("parts");
  return (
    <Alert color="orange" role="alert" title={t("conflict.title")} mt="sm">
      {text}
      <Table mt="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th>{t("conflict.theirs")}</Table.Th>
            <Table.Th>{t("conflict.mine")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map(({ name, theirs, mine }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>{theirs}</Table.Td>
              <Table.Td fw={theirs === mine ? 400 : 700}>{mine}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group mt="xs">
        <Button size="xs" variant="default" onClick={keep}>{t("conflict.keep")}</Button>
        <Button size="xs" onClick={replace}>{t("conflict.replace")}</Button>
      </Group>
    </Alert>
  );
}
