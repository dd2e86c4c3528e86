import { LineIndex } from '../lineIndex';
import type { Problem, Severity } from '../problem';
import { checkTrainingFit } from './checkTrainingFit';
import { checkTrainingValues } from './checkTrainingValues';
import { jsonFaultMessage } from './jsonFaultMessage';
import { readTraining, type TrainingDocument } from './readTraining';
import type { TrainingUse } from './trainingUse';

/** A finding by offsets; `code` without its room. */
export interface TrainingFinding {
  code: string;
  severity: Severity;
  message: string;
  start: number;
  end: number;
}

/**
 * Checks a training configuration in JSON, by itself and against the launches that use it. Pure and total. Comments are
 * allowed and keys that are not known are nobody's business; what is an error is certain to fail.
 */
export function checkTraining(text: string, use: TrainingUse): Problem[] {
  const document = readTraining(text);
  const findings = [
    ...checkJson(document),
    ...checkTrainingValues(document),
    ...checkTrainingFit(document, use),
  ];
  const lines = new LineIndex(text);
  return findings
    .sort((a, b) => a.start - b.start)
    .map(({ code, severity, message, start, end }) => ({
      code: `training.${code}`,
      severity,
      message,
      range: lines.range(start, end),
    }));
}

function checkJson(document: TrainingDocument): TrainingFinding[] {
  const findings: TrainingFinding[] = document.faults.map((fault) => ({
    code: 'syntax',
    // Python's json reads these, though no other reader does.
    severity: /^-?(?:NaN|Infinity)$/.test(fault.text) ? 'warning' : 'error',
    message: jsonFaultMessage(fault),
    start: fault.start,
    end: fault.end,
  }));
  if (document.byteOrderMark) {
    const message =
      'The file begins with a byte order mark, which Python’s json refuses. Save it as UTF-8 without one.';
    findings.push({ code: 'byteOrderMark', severity: 'error', message, start: 0, end: 1 });
  }
  for (const start of document.trailingCommas) {
    const message = 'Nothing follows this comma; Python’s json refuses that. Delete the comma.';
    findings.push({ code: 'trailingComma', severity: 'warning', message, start, end: start + 1 });
  }
  if (document.root !== undefined && !document.isObject && document.faults.length === 0) {
    const message = 'A training configuration is a mapping: `{ "epochs": 20 }`.';
    findings.push({ code: 'notAMapping', severity: 'warning', message, ...document.root });
  }
  for (const { key, keyStart, keyEnd } of document.entries) {
    if (document.byKey.get(key)?.keyStart === keyStart) continue;
    const message = `\`${shortened(key)}\` is here twice, and the last one counts. Delete this one.`;
    findings.push({ code: 'duplicateKey', severity: 'warning', message, start: keyStart, end: keyEnd });
  }
  return findings;
}

function shortened(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}
