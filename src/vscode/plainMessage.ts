/**
 * Text for a notification that shows it as it is. VS Code makes links of `[label](address)` in notifications, also such
 * that run one of its commands: what a host, a file or a pasted command says must not become a button.
 */
export function plainMessage(text: string): string {
  return text.replaceAll('](', '] (');
}

/**
 * A row to choose from, its text as it is but for an icon of ours in front of the label. VS Code makes icons of
 * `$(verified)` anywhere in it: the name of a host or a file must not look proven.
 */
export function plainRow<Row extends { label: string; description?: string | undefined }>(row: Row): Row {
  const { label, description } = row;
  return {
    ...row,
    label: label.replaceAll(/(?<!^)\$\(/g, '$ ('),
    ...(description !== undefined && { description: description.replaceAll('$(', '$ (') }),
  };
}
