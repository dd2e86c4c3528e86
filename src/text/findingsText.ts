import type { PreflightCheck } from '../config/model';
import type { Finding } from '../cluster/preflight/checks';
import { findingLines } from '../cluster/preflight/findingText';

const headings = {
  error: 'In the way',
  warning: 'Warnings',
  note: 'Notes',
} as const satisfies Record<Finding['severity'], string>;

/** What was found before a start, as Markdown: by severity, then by check, equal reasons once, with what to do. */
export function findingsText(launch: string, findings: readonly Finding[]): string {
  const parts = [`# Checks before the start of ${launch}`, 'Nothing was started.'];
  for (const severity of ['error', 'warning', 'note'] as const) {
    const found = findings.filter((finding) => finding.severity === severity);
    if (found.length > 0) parts.push(`## ${headings[severity]}`);
    for (const check of checksOf(found)) {
      const own = found.filter((finding) => finding.check === check);
      const steps = [...new Set(own.flatMap(({ nextStep }) => nextStep ?? []))];
      parts.push(
        `### ${check}`,
        [...findingLines(own).map((line) => `* ${line}`), ...steps.map((step) => `* → ${step}`)].join('\n'),
      );
    }
  }
  return `${parts.join('\n\n')}\n`;
}

/** Without these nothing can be started at all. */
const needed: ReadonlySet<PreflightCheck> = new Set(['reachable', 'home']);

/** The checks that stand in the way and may be left out; empty where one of them may not. */
export function skippableChecks(findings: readonly Finding[]): PreflightCheck[] {
  const checks = checksOf(findings.filter(({ severity }) => severity === 'error'));
  return checks.some((check) => needed.has(check)) ? [] : checks;
}

function checksOf(findings: readonly Finding[]): PreflightCheck[] {
  return [...new Set(findings.map(({ check }) => check))];
}
