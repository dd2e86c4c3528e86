import { expect, it } from 'vitest';
import { pageHtml } from '../../../src/vscode/pageHtml';

it('writes hostile names into the page as text', () => {
  const html = pageHtml({
    cspSource: 'https://x',
    scriptUri: 's',
    styleUri: 't',
    nonce: 'n',
    root: 'hosts"><b>',
    title: '</title><b>',
    data: { run: '"><script>' },
  });
  expect(html).not.toMatch(/<script>|<b>/);
  expect(html).toContain(`default-src &#39;none&#39;`);
});
