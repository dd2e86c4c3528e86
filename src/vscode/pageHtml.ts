/** What a page needs from VS Code, as text. */
export interface PageParts {
  cspSource: string;
  scriptUri: string;
  styleUri: string;
  nonce: string;
  title: string;
  /** The id of the element that the page's script fills. */
  root: string;
  /** What the script reads from `document.body.dataset`. */
  data?: Readonly<Record<string, string>>;
}

/**
 * The document around a page's script. Nothing may load but the one script with this nonce and the extension's own
 * styles; the controls find the nonce in `csp-nonce` for the one style element they make. Everything written into it
 * is escaped.
 */
export function pageHtml(parts: PageParts): string {
  const csp = [
    `default-src 'none'`,
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.cspSource} 'nonce-${parts.nonce}'`,
    `font-src ${parts.cspSource}`,
  ].join('; ');
  const data = Object.entries(parts.data ?? {}).map(
    ([name, value]) => ` data-${name}="${escapeHtml(value)}"`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(csp)}">
<meta property="csp-nonce" content="${escapeHtml(parts.nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}</title>
<link rel="stylesheet" href="${escapeHtml(parts.styleUri)}">
</head>
<body${data.join('')}>
<main id="${escapeHtml(parts.root)}"></main>
<script nonce="${escapeHtml(parts.nonce)}" src="${escapeHtml(parts.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
