import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from './pageHtml';

/** Loads a page of `dist/webview` into a webview. `page` names its bundle and the element that its script fills. */
export function loadPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: string,
  title: string,
  data: Readonly<Record<string, string>> = {},
): void {
  webview.options = pageOptions(extensionUri);
  const dist = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    scriptUri: uri(`${page}.js`),
    styleUri: uri(`${page}.css`),
    nonce: randomBytes(16).toString('hex'),
    title,
    root: page,
    data,
  });
}

/** A page may run its script and read its own bundle, nothing else. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')] };
}
