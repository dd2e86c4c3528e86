import type { Dialect, ReadLine, Reading } from './dialect';
import { wholeNumber } from './number';
import { metricNamed } from './pairNames';
import { readDict } from './pythonDict';
import { Values } from './values';

/**
 * What Ray prints of results that a training reported; the lines are of one trial, or of the training. Tables and
 * blocks end with a reading: `│ Trial … result │`, rows, `╰`; in the older output `Result for …:`, `  name: value`, an
 * empty line. Rows of the status table come with their heading. `Reporting training result 3: TrainingReport(…)` is of
 * the worker that prints it. All of them report about the whole training.
 */
const tableHead = /^│ (?:Trial \S{1,300}|Training) result {1,}│$/;
const tableRow = /^│ (\S{1,100}) {1,}(\S{1,60}) │$/;
const oldHead = /^Result for \S{1,300}:$/;
const oldRow = /^ {2}([\w/@.-]{1,100}): (\S{1,60})$/;
const report =
  /^Reporting training result (\d{1,12}): TrainingReport\(.{0,2000}?metrics=(\{.{0,6000}?\}), validation=(?:True|False)/;
const mostRows = 500;
/** A line of a result that is still to be completed. */
const nothing: Reading = { epoch: undefined, step: undefined, values: new Map() };

function toReading(fields: ReadonlyMap<string, number>): Reading {
  const values = new Values();
  for (const [printed, value] of fields) {
    const name = metricNamed(printed);
    if (name !== undefined) values.putPrinted(name, value);
  }
  values.put('run_time', fields.get('time_total_s') ?? fields.get('total time (s)'));
  return {
    epoch: fields.get('epoch'),
    step: fields.get('training_iteration') ?? fields.get('iter'),
    values: values.map,
  };
}

/** A row of the status table under its heading, both cut at two spaces or bars. */
function readStatus(line: string): Reading | undefined {
  const [heading = '', row = ''] = line.split('\n');
  const cells = (text: string): string[] =>
    (text.startsWith('|') ? text.split('|') : text.replaceAll('│', '').split(/ {2,}/))
      .map((cell) => cell.trim())
      .filter(
        (cell, index, all) => cell !== '' || (text.startsWith('|') && index > 0 && index < all.length - 1),
      );
  const [names, found] = [cells(heading), cells(row)];
  // An empty cell cannot be told in the newer table: a row that is shorter says nothing certain.
  if (names.length !== found.length) return undefined;
  const fields = new Map<string, number>();
  names.forEach((name, index) => {
    const value = wholeNumber(found[index] ?? '');
    if (value !== undefined) fields.set(name, value);
  });
  // Parameters stand in the same table: of them only what results have as well is read.
  fields.delete('lr');
  return fields.has('iter') ? toReading(fields) : undefined;
}

function start(): ReadLine {
  let fields: Map<string, number> | undefined;
  let lastStep: number | undefined;
  const once = (reading: Reading): Reading => {
    // Results are printed as they come, and again when a trial ends and in the status table.
    const known = reading.step !== undefined && reading.step === lastStep;
    lastStep = reading.step ?? lastStep;
    return known ? { ...reading, values: new Map() } : reading;
  };
  const take = (match: RegExpExecArray): Reading => {
    const value = wholeNumber(match[2] ?? '');
    if (value !== undefined && fields !== undefined && fields.size < mostRows)
      fields.set(match[1] ?? '', value);
    return nothing;
  };
  const finish = (): Reading | undefined => {
    const reading = fields === undefined ? undefined : once(toReading(fields));
    fields = undefined;
    return reading;
  };
  return (line) => {
    const first = line.charAt(0);
    if (first === '│' || first === '|') {
      if (line.includes('\n')) {
        const reading = readStatus(line);
        return reading === undefined ? undefined : once(reading);
      }
      if (tableHead.test(line)) {
        fields = new Map();
        return nothing;
      }
      const row = fields === undefined ? null : tableRow.exec(line);
      return row === null ? undefined : take(row);
    }
    if (first === '╰') return finish();
    if (first === 'R') {
      if (oldHead.test(line)) {
        fields = new Map();
        return nothing;
      }
      const match = line.startsWith('Reporting training result ') ? report.exec(line) : null;
      if (match === null) return undefined;
      return { step: Number(match[1]), ...withoutStep(toReading(readDict(match[2] ?? ''))) };
    }
    if (fields === undefined || first !== ' ') return undefined;
    if (line.trim() === '') return finish();
    const row = oldRow.exec(line);
    return row === null ? undefined : take(row);
  };
}

function withoutStep({ epoch, values }: Reading): Omit<Reading, 'step'> {
  return { epoch, values };
}

export const rayResults: Dialect = { name: 'Ray results', scope: 'job', reporters: 'rank0', start };
