import * as vscode from 'vscode';
import type { Problem, Severity } from '../../config/problem';
import { toVscodeRange } from '../sourceLocation';

export const diagnosticSource = 'rankwise';

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

export function toDiagnostic({ range, message, severity, code }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toVscodeRange(range), message, severities[severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = code;
  return diagnostic;
}

/** The problem that VS Code gives back with a diagnostic of ours. */
export function toProblem({ range, message, severity, code }: vscode.Diagnostic): Problem {
  const name = (['error', 'warning', 'information', 'hint'] as const)[severity];
  return { code: typeof code === 'string' ? code : '', severity: name, message, range };
}
