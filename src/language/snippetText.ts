/** Text as it is inside a snippet of VS Code, where `$` begins a variable (`${CLIPBOARD}`) and `}` ends a placeholder. */
export function snippetText(text: string): string {
  return text.replaceAll(/[\\$}]/g, String.raw`\$&`);
}
