import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Completion, LanguageService, TextEdit as ServiceEdit } from '../../language/types';
import {
  toCodeAction,
  toCompletionItem,
  toRange,
  toSymbol,
  toTextEdits,
  toWorkspaceEdit,
} from './conversions';
import { diagnosticSource, toProblem } from './toDiagnostic';

/** Gives what one kind of file offers to VS Code. */
export class LanguageFeatures<Context>
  implements
    vscode.CompletionItemProvider,
    vscode.HoverProvider,
    vscode.DocumentSymbolProvider,
    vscode.CodeActionProvider,
    Disposable
{
  private readonly store = new DisposableStore();

  /**
   * @param isOurs whether a document is of the kind of the service
   * @param contextOf what the service is told of the world; may read files, so it is asked only where that is used
   * @param triggers characters after which the list of completions opens by itself
   * @param beforeHover finds out what is to be said of a place
   */
  constructor(
    private readonly service: LanguageService<Context>,
    private readonly isOurs: (document: vscode.TextDocument) => boolean,
    private readonly contextOf: (document: vscode.TextDocument) => Context | Promise<Context>,
    private readonly diagnosticsOf: (uri: vscode.Uri) => readonly vscode.Diagnostic[],
    selector: vscode.DocumentSelector,
    triggers: readonly string[],
    private readonly beforeHover?: (
      document: vscode.TextDocument,
      position: vscode.Position,
    ) => Promise<void>,
  ) {
    const { languages } = vscode;
    const { folding, format, inlayHints } = service;
    this.store.add(languages.registerCompletionItemProvider(selector, this, ...triggers));
    this.store.add(languages.registerHoverProvider(selector, this));
    this.store.add(languages.registerDocumentSymbolProvider(selector, this));
    this.store.add(
      languages.registerCodeActionsProvider(selector, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAll],
      }),
    );
    if (folding !== undefined) {
      const provideFoldingRanges = (document: vscode.TextDocument): vscode.FoldingRange[] =>
        (this.isOurs(document) ? folding(document.getText()) : []).map(
          ({ startLine, endLine, comment }) =>
            new vscode.FoldingRange(
              startLine,
              endLine,
              comment === true ? vscode.FoldingRangeKind.Comment : undefined,
            ),
        );
      this.store.add(languages.registerFoldingRangeProvider(selector, { provideFoldingRanges }));
    }
    if (format !== undefined) {
      const provideDocumentFormattingEdits = (document: vscode.TextDocument): vscode.TextEdit[] =>
        this.isOurs(document) ? toTextEdits(document, format(document.getText())) : [];
      this.store.add(
        languages.registerDocumentFormattingEditProvider(selector, { provideDocumentFormattingEdits }),
      );
    }
    if (inlayHints !== undefined) {
      const provideInlayHints = async (
        document: vscode.TextDocument,
        range: vscode.Range,
      ): Promise<vscode.InlayHint[]> => {
        if (!this.isOurs(document)) return [];
        return inlayHints(document.getText(), await this.contextOf(document))
          .map(({ offset, text, tooltip }) => {
            const hint = new vscode.InlayHint(document.positionAt(offset), text);
            hint.paddingLeft = true;
            if (tooltip !== undefined) hint.tooltip = tooltip;
            return hint;
          })
          .filter(({ position }) => range.contains(position));
      };
      this.store.add(languages.registerInlayHintsProvider(selector, { provideInlayHints }));
    }
  }

  /**
   * Enter takes the chosen completion, and no new line comes. So the list, which opens by itself, is gone once a word is
   * whole, and is asked for again (`isIncomplete`) with each character to see that; and nothing in it answers to the digits
   * of a number or to the start of an example, as both are free: `-t 30` is no `00:30:00`. Both are offered only where a
   * person asks, before anything is typed.
   */
  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    _token: vscode.CancellationToken,
    { triggerKind }: vscode.CompletionContext,
  ): Promise<vscode.CompletionList | undefined> {
    if (!this.isOurs(document)) return undefined;
    const context = await this.contextOf(document);
    const text = document.getText();
    const offset = document.offsetAt(position);
    const completions = this.service.completions(text, offset, context);
    const word = ({ start }: Completion): string => text.slice(start, offset);
    // Not so where it is asked for, by hand or, which VS Code does not tell apart, by the first letter of a word.
    const opensItself = triggerKind !== vscode.CompletionTriggerKind.Invoke;
    if (opensItself && completions.some((completion) => completion.insert === word(completion))) {
      return new vscode.CompletionList([], true);
    }
    const items = completions
      .filter((completion) =>
        opensItself ? !isFree(completion, true) : word(completion) === '' || !isFree(completion, false),
      )
      .map((completion) => {
        const item = toCompletionItem(document, completion);
        if (isFree(completion, true) && word(completion) === '') item.filterText = ' ';
        return item;
      });
    return new vscode.CompletionList(items, true);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    if (!this.isOurs(document)) return undefined;
    await this.beforeHover?.(document, position);
    const context = await this.contextOf(document);
    const hover = this.service.hover(document.getText(), document.offsetAt(position), context);
    return (
      hover &&
      new vscode.Hover(new vscode.MarkdownString(hover.markdown), toRange(document, hover.start, hover.end))
    );
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    if (!this.isOurs(document)) return [];
    return this.service.symbols(document.getText()).map((symbol) => toSymbol(document, symbol));
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics, only }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (!this.isOurs(document)) return [];
    const context = await this.contextOf(document);
    if (only?.intersects(vscode.CodeActionKind.Source) === true) return this.fixAll(document, context);
    const text = document.getText();
    return diagnostics
      .filter(({ source }) => source === diagnosticSource)
      .flatMap((diagnostic) =>
        this.service
          .fixes(text, toProblem(diagnostic), context)
          .map((fix) => toCodeAction(document, fix, diagnostic)),
      );
  }

  /** Every problem that has one certain fix, mended at once. Of fixes that overlap, the first is taken. */
  private fixAll(document: vscode.TextDocument, context: Context): vscode.CodeAction[] {
    const text = document.getText();
    const taken: ServiceEdit[] = [];
    for (const diagnostic of this.diagnosticsOf(document.uri)) {
      const fix = this.service
        .fixes(text, toProblem(diagnostic), context)
        .find(({ preferred }) => preferred === true);
      const overlaps = (edit: ServiceEdit): boolean =>
        taken.some(({ start, end }) => edit.start <= end && start <= edit.end);
      if (fix !== undefined && !fix.edits.some(overlaps)) taken.push(...fix.edits);
    }
    if (taken.length === 0) return [];
    const action = new vscode.CodeAction('Fix all problems that Rankwise can fix', fixAll);
    action.edit = toWorkspaceEdit(document, taken);
    return [action];
  }

  dispose(): void {
    this.store.dispose();
  }
}

const fixAll = vscode.CodeActionKind.SourceFixAll.append('rankwise');

function isFree({ insert, isExample }: Completion, numbers: boolean): boolean {
  return isExample === true || (numbers && /^\d/.test(insert));
}
