import * as vscode from 'vscode';
import type { Completion, DocumentSymbol, Fix, TextEdit as ServiceEdit } from '../../language/types';

/** @param start,end UTF-16 offsets */
export function toRange(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function toTextEdits(document: vscode.TextDocument, edits: readonly ServiceEdit[]): vscode.TextEdit[] {
  return edits.map(({ start, end, text }) => new vscode.TextEdit(toRange(document, start, end), text));
}

export function toWorkspaceEdit(
  document: vscode.TextDocument,
  edits: readonly ServiceEdit[],
): vscode.WorkspaceEdit {
  const result = new vscode.WorkspaceEdit();
  result.set(document.uri, toTextEdits(document, edits));
  return result;
}

const completionKinds: Record<Completion['kind'], vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  host: vscode.CompletionItemKind.Module,
  option: vscode.CompletionItemKind.Field,
  reference: vscode.CompletionItemKind.Reference,
  file: vscode.CompletionItemKind.File,
};

export function toCompletionItem(
  document: vscode.TextDocument,
  completion: Completion,
): vscode.CompletionItem {
  const { label, kind, detail, documentation, insert, snippet, start, end, sort } = completion;
  const item = new vscode.CompletionItem(label, completionKinds[kind]);
  item.range = toRange(document, start, end);
  item.insertText = snippet === true ? new vscode.SnippetString(insert) : insert;
  if (detail !== undefined) item.detail = detail;
  if (documentation !== undefined) item.documentation = new vscode.MarkdownString(documentation);
  if (sort !== undefined) item.sortText = sort;
  return item;
}

const symbolKinds: Record<DocumentSymbol['kind'], vscode.SymbolKind> = {
  host: vscode.SymbolKind.Module,
  cluster: vscode.SymbolKind.Namespace,
  launch: vscode.SymbolKind.Function,
  option: vscode.SymbolKind.Property,
  section: vscode.SymbolKind.Object,
};

export function toSymbol(document: vscode.TextDocument, symbol: DocumentSymbol): vscode.DocumentSymbol {
  const { name, detail = '', kind, start, end, nameStart, nameEnd, children = [] } = symbol;
  const range = toRange(document, start, end);
  const result = new vscode.DocumentSymbol(
    name,
    detail,
    symbolKinds[kind],
    range,
    toRange(document, nameStart, nameEnd),
  );
  result.children = children.map((child) => toSymbol(document, child));
  return result;
}

export function toCodeAction(
  document: vscode.TextDocument,
  { title, edits, preferred }: Fix,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = preferred ?? false;
  action.edit = toWorkspaceEdit(document, edits);
  return action;
}
