/**
 * Text for a notification that shows it as it is. VS Code makes links of `[label](address)` in notifications, also such
 * that run one of its commands: what a host, a file or a pasted command says must not become a button.
 */
export function plainMessage(text: string): string {
  return text.replaceAll('](', '] (');
}
