import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { textScheme } from './ids';

/** Texts that are made once and only read: what would change, what was found. Each title has one document. */
export class TextDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly texts = new Map<string, string>();

  constructor() {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(textScheme, this));
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === textScheme) this.texts.delete(uri.path);
      }),
    );
  }

  /**
   * Shows a text, in the document that has this title where there is one.
   * @param language VS Code's id, such as `diff`
   */
  async show(title: string, text: string, language: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: textScheme, path: `/${title.replaceAll('/', '-')}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, language);
    // Setting the language closes and opens the document: the text must still be there.
    this.texts.set(uri.path, text);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? 'This text is no longer kept. Run the command again.\n';
  }

  dispose(): void {
    this.store.dispose();
  }
}
