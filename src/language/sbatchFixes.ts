import { LineIndex } from '../config/lineIndex';
import type { Problem } from '../config/problem';
import { nearOption } from '../config/sbatch/argumentFindings';
import { readSbatch, type SbatchScript } from '../config/sbatch/readSbatch';
import type { GivenOption } from '../config/sbatch/sbatchArguments';
import { resourcesOf } from '../config/sbatch/sbatchResources';
import { isMailType, plainTime } from '../config/sbatch/sbatchValues';
import { suggest } from '../config/suggest';
import { readOnce } from './readOnce';
import type { SbatchContext } from './sbatchContext';
import { allOptions } from './sbatchCursor';
import type { Fix, TextEdit } from './types';

const readScript = readOnce((text) => {
  const script = readSbatch(text);
  return { lines: new LineIndex(text), script, options: allOptions(script) };
});

/** Changes that mend a finding in an sbatch script, where it is plain what was meant. */
export function sbatchFixes(text: string, problem: Problem, context: SbatchContext): Fix[] {
  const { lines, script, options } = readScript(text);
  const start = lines.offset(problem.range.start);
  const end = lines.offset(problem.range.end);
  const make = fixers[problem.code.replace(/^sbatch\./, '')];
  if (make === undefined) return [];
  const given = options.find(
    (one) =>
      (one.valueStart === start && one.valueEnd === end) || one.wholeStart === start || one.start === start,
  );
  const found = make({ text, start, end, written: text.slice(start, end), script, given, context });
  return found.map(({ title, edits, preferred }) => ({
    title,
    code: problem.code,
    edits,
    ...(preferred === true && { preferred }),
  }));
}

interface Finding {
  text: string;
  start: number;
  end: number;
  written: string;
  script: SbatchScript;
  given: GivenOption | undefined;
  context: SbatchContext;
}

type Made = Pick<Fix, 'title' | 'edits' | 'preferred'>;

const one = (title: string, edit: TextEdit, preferred = true): Made[] => [
  { title, edits: [edit], preferred },
];
const replace = ({ start, end }: Pick<Finding, 'start' | 'end'>, text: string, preferred = true): Made[] =>
  one(`Write ${text}`, { start, end, text }, preferred);

const fixers: Readonly<Record<string, (finding: Finding) => Made[]>> = {
  noShebang: ({ text }) => {
    const [blanks = ''] = /^\s*/.exec(text) ?? [];
    return text.startsWith('#!', blanks.length)
      ? one('Delete what stands before #!', { start: 0, end: blanks.length, text: '' })
      : one('Begin with #!/bin/bash', { start: 0, end: 0, text: '#!/bin/bash\n' });
  },
  byteOrderMark: ({ start, end }) => one('Remove the byte order mark', { start, end, text: '' }),
  nulCharacter: ({ start, end }) => one('Delete the character', { start, end, text: '' }),
  crlf: ({ text }) => [
    {
      title: 'Change all line ends to LF',
      edits: [...text.matchAll(/\r\n/g)].map(({ index }) => ({ start: index, end: index + 1, text: '' })),
      preferred: true,
    },
  ],
  late: ({ text, start, end, script }) => {
    const after = script.directives.at(-1)?.end;
    const at = after === undefined ? text.indexOf('\n') + 1 || text.length : after + 1;
    const line = { start, end: Math.min(text.length, end + 1), text: '' };
    return at > start
      ? []
      : [
          {
            title: 'Move it above the first command',
            edits: [{ start: at, end: at, text: `${text.slice(start, end)}\n` }, line],
            preferred: true,
          },
        ];
  },
  indented: ({ text, start }) =>
    one('Move it to the beginning of the line', {
      start: text.lastIndexOf('\n', start - 1) + 1,
      end: start,
      text: '',
    }),
  misspelt: ({ text, start }) => {
    const [word = ''] = /^#[A-Za-z]+/.exec(text.slice(start, start + 20)) ?? [];
    return one('Write #SBATCH', { start, end: start + word.length, text: '#SBATCH' });
  },
  blank: ({ text, start }) => {
    const [blanks = ''] = /^\s*/.exec(text.slice(start + 1, start + 40)) ?? [];
    return one('Make it a directive', { start: start + 1, end: start + 1 + blanks.length, text: '' }, false);
  },
  slurmMark: (finding) => replace(finding, '#SBATCH'),
  cutByComment: ({ start }) => one('Put a blank before the comment', { start, end: start, text: ' ' }),
  singleDash: ({ start }) => one('Write two dashes', { start, end: start, text: '-' }),
  shortEquals: ({ given }) =>
    given === undefined
      ? []
      : one('Put a blank in place of =', { start: given.valueStart, end: given.valueStart + 1, text: ' ' }),
  unknownOption: (finding) => {
    const near = finding.written.startsWith('--') ? nearOption(finding.written) : undefined;
    return near === undefined ? [] : replace(finding, `--${near}`);
  },
  ambiguous: ({ script, start, end }) =>
    script.components
      .flatMap(({ faults }) => faults.find((fault) => fault.start === start)?.candidates ?? [])
      .slice(0, 5)
      .flatMap((long) => replace({ start, end }, `--${long}`, false)),
  takesNoValue: ({ start, end, written }) => {
    const equals = written.indexOf('=');
    return equals === -1 ? [] : one('Delete the value', { start: start + equals, end, text: '' });
  },
  word: ({ start, written }) => {
    const [dashes] = /^[\u2010-\u2015\u2212]+/.exec(written) ?? [];
    return dashes === undefined
      ? []
      : one('Write two plain dashes', { start, end: start + dashes.length, text: '--' });
  },
  duplicate: ({ text, given }) =>
    given === undefined ? [] : one('Delete this one', withoutOption(text, given)),
  exclusive: ({ text, given }) =>
    given === undefined ? [] : one('Delete this one', withoutOption(text, given), false),
  value: (finding) => valueFix(finding),
  shortTime: (finding) => replace(finding, `${finding.written.padStart(5, '0')}:00`),
  gresCount: ({ end, given }) =>
    /^(?:gres[:/])?gpu(?::[A-Za-z][^:,]*)?$/.test(given?.value ?? '')
      ? one('Write :1', { start: end, end, text: ':1' })
      : [],
  gresForm: (finding) => {
    const value = finding.written.replaceAll('=', ':');
    return value !== finding.written && /^[A-Za-z]\w*(?::\w+)?:\d+$/.test(value)
      ? replace(finding, value)
      : [];
  },
  ignoredWord: (finding) => {
    const words = (finding.given?.value ?? '').split(',').map((word) => word.trim());
    return replace(finding, words.filter(isMailType).join(','));
  },
  taskProduct: (finding) => {
    const { nodes, tasksPerNode } = resourcesIn(finding);
    const { text, given } = finding;
    if (given === undefined || nodes === undefined || tasksPerNode === undefined) return [];
    const product = String(nodes * tasksPerNode);
    return [
      ...one(`Delete --ntasks`, withoutOption(text, given)),
      ...one(
        `Write ${product} tasks`,
        { start: given.valueStart, end: given.valueEnd, text: product },
        false,
      ),
    ];
  },
  tasksPerGpu: (finding) => {
    const { gpusPerNode } = resourcesIn(finding);
    const { given } = finding;
    if (given === undefined || gpusPerNode === undefined) return [];
    const value = `--ntasks-per-node=${gpusPerNode}`;
    return given.option.long === 'ntasks-per-node'
      ? one(`Write ${value}`, { start: given.valueStart, end: given.valueEnd, text: String(gpusPerNode) })
      : one(`Add ${value}`, { start: given.wholeEnd, end: given.wholeEnd, text: ` ${value}` }, false);
  },
  arrayOutput: ({ end, written }) => {
    const [extension = ''] = /\.[^./%]*$/.exec(written) ?? [];
    const at = end - extension.length;
    return one('Put _%a into the name', { start: at, end: at, text: '_%a' });
  },
  missingSrun: ({ start }) => one('Write srun before it', { start, end: start, text: 'srun ' }),
  foreignToo: ({ script }) => {
    const at = script.directives[0]?.start;
    return at === undefined
      ? []
      : one('Add #SBATCH --ignore-pbs', { start: at, end: at, text: '#SBATCH --ignore-pbs\n' }, false);
  },
  unknownPartition: (finding) =>
    nearest(
      finding,
      finding.context.site?.partitions?.map(({ name }) => name),
    ),
  unknownAccount: (finding) => nearest(finding, finding.context.site?.accounts),
  unknownQos: (finding) => nearest(finding, finding.context.site?.qos),
  unknownFeature: (finding) => nearest(finding, finding.context.site?.features),
};

function nearest(finding: Finding, known: readonly string[] = []): Made[] {
  const near = suggest(finding.written, known);
  return near === undefined ? [] : replace(finding, near);
}

function valueFix(finding: Finding): Made[] {
  const { given, written } = finding;
  if (given?.value === undefined || given.value !== written) return [];
  if (given.option.kind === 'time') {
    const [, count, unit] = /^(\d+)\s*(d|h|m|min|s)\w*$/i.exec(written) ?? [];
    return count === undefined || unit === undefined ? [] : replace(finding, plainTime(Number(count), unit));
  }
  if (given.option.kind === 'memory') {
    const [, whole, fraction = '', unit = ''] =
      /^(\d{1,6})(?:\.(\d{1,3}))?\s*([kmgt])i?b?$/i.exec(written) ?? [];
    if (whole === undefined) return [];
    if (fraction === '') return replace(finding, `${whole}${unit.toUpperCase()}`);
    const smaller = { g: 'M', t: 'G', m: 'K' }[unit.toLowerCase()];
    return smaller === undefined
      ? []
      : replace(finding, `${Math.ceil(Number(`${whole}.${fraction}`) * 1024)}${smaller}`);
  }
  return [];
}

function resourcesIn({ script, context }: Finding): ReturnType<typeof resourcesOf> {
  const options = new Map(allOptions(script).map((given) => [given.option.same ?? given.option.long, given]));
  return resourcesOf((long) => context.given?.[long] ?? options.get(long)?.value);
}

/** Takes an option out, and its line where nothing else stands there. */
function withoutOption(text: string, { wholeStart, wholeEnd }: GivenOption): TextEdit {
  const lineStart = text.lastIndexOf('\n', wholeStart - 1) + 1;
  const newline = text.indexOf('\n', wholeEnd);
  const lineEnd = newline === -1 ? text.length : newline;
  const before = text.slice(lineStart, wholeStart);
  const after = text.slice(wholeEnd, lineEnd);
  if (/^#SBATCH\s*$/.test(before) && /^\s*(?:#.*)?$/.test(after)) {
    return { start: lineStart, end: Math.min(text.length, lineEnd + 1), text: '' };
  }
  const blanks = /^\s*/.exec(after)?.[0].length ?? 0;
  return { start: wholeStart, end: wholeEnd + blanks, text: '' };
}
