import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { loadPage } from '../webviewPage';
import type { EditorKind } from './editorKind';
import { EditorPage } from './editorPage';

/** Registers a kind of custom text editor; its pages are ended with the result. */
export function registerTextEditor<State, Edit, Ask>(
  kind: EditorKind<State, Edit, Ask>,
  extensionUri: vscode.Uri,
): Disposable {
  const store = new DisposableStore();
  const pages = new Set<Disposable>();
  store.add({
    dispose: () => {
      for (const page of pages) page.dispose();
    },
  });
  const resolve = (document: vscode.TextDocument, panel: vscode.WebviewPanel): void => {
    const page = new EditorPage(kind, document, panel);
    pages.add(page);
    panel.onDidDispose(() => {
      pages.delete(page);
      page.dispose();
    });
    loadPage(panel.webview, extensionUri, kind.page, panel.title);
  };
  store.add(
    vscode.window.registerCustomEditorProvider(
      kind.viewType,
      { resolveCustomTextEditor: resolve },
      { supportsMultipleEditorsPerDocument: true },
    ),
  );
  return store;
}
