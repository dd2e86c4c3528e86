import { Random } from './random';

/** A generated hostfile, and the rule of some program that it is about. */
export interface HostfileCase {
  row: string;
  text: string;
}

/** One host on its line, in parts that a rule may change. */
interface Line {
  host: string;
  rest: string;
}

type Rule = (random: Random, lines: Line[]) => string[];

/** Applies a change to one or more of the lines. */
const each =
  (change: (random: Random, line: Line) => string): Rule =>
  (random, lines) => {
    const chosen = random.below(lines.length);
    return lines.map((line, index) =>
      index === chosen || random.chance(0.2) ? change(random, line) : plain(line),
    );
  };

/** Puts a line of its own between the others. */
const between =
  (make: (random: Random, lines: Line[]) => string): Rule =>
  (random, lines) => {
    const texts = lines.map(plain);
    texts.splice(random.below(texts.length + 1), 0, make(random, lines));
    return texts;
  };

const plain = ({ host, rest }: Line): string => `${host}${rest}`;
const count = (random: Random): number => 1 + random.below(8);
const words = ['one', 'rack', 'gpu', 'x', '4', 'down', 'a=b', 'slots=2', '#2', '*', 'c,d', '"q"'];
const sentence = (random: Random): string =>
  Array.from({ length: random.below(4) }, () => random.pick(words)).join(' ');

/** What the table of hostfiles in the documentation of this project says, row by row, and more that was seen. */
export const rules: Record<string, Rule> = {
  'a slots=4': (_, lines) => lines.map(plain),
  'blank line': between((random) => random.pick(['', '', ' ', '\t', '  \t', '\f'])),
  '# comment': between(
    (random) => `${random.pick(['', ' ', '\t'])}#${random.pick(['', ' ', '!'])}${sentence(random)}`,
  ),
  'a slots=4 # x': each(
    (random, line) => `${plain(line)}${random.pick([' ', '', '\t', '  '])}#${sentence(random)}`,
  ),
  a: each((_, { host }) => host),
  'max_slots=8': each((random, line) => {
    const key = random.pick(['max_slots', 'max-slots', 'slots_max', 'slots-max', 'max_cpu', 'count-max']);
    const setting = `${key}=${random.below(10)}`;
    return random.pick([
      `${plain(line)} ${setting}`,
      `${line.host} ${setting}`,
      `${line.host} ${setting}${line.rest}`,
    ]);
  }),
  'a slots = 4': each(
    (random, { host }) =>
      `${host} slots${random.pick([' = ', '= ', ' =', '\t=\t', '  =  '])}${count(random)}`,
  ),
  'a:4': each(
    (random, { host }) => `${host}:${count(random)}${random.chance(0.2) ? ` slots=${count(random)}` : ''}`,
  ),
  'duplicate host': (random, lines) => {
    const { host } = random.pick(lines);
    const again = random.pick([
      host,
      `${host} slots=${count(random)}`,
      `u@${host}`,
      `${host} max_slots=9`,
      ` ${host}`,
    ]);
    const texts = lines.map((line) => (random.chance(0.4) ? line.host : plain(line)));
    texts.splice(
      random.below(texts.length + 1),
      0,
      ...Array.from({ length: 1 + random.below(2) }, () => again),
    );
    return texts;
  },
  'user@a slots=4': each(
    (random, line) =>
      `${random.pick(['u', 'ubuntu', 'ec2-user', 'a_b', 'first.last', '', 'u@v', '^u', '1u', 'ü', '-u'])}@${plain(line)}`,
  ),
  'slots=0': each((random, { host }) => `${host} slots=${random.pick(['0', '00', '0', '-0', '+0'])}`),
  'slots=x': each(
    (random, { host }) =>
      `${host} slots=${random.pick(['x', 'two', '', '-1', '+1', '?', 'N', '<n>', '$N', '${N}', 'auto', '0x4', '1e1', '٣', '４'])}`,
  ),
  'gpu=2': each((random, line) => {
    const setting = `${random.pick(['gpu', 'gpus', 'np', 'SLOTS', 'slot', 'cores', 'sockets', 'boards', 'cpus', 'rank', 'user', 'weight', 'cpu_set'])}=${count(random)}`;
    return random.pick([
      `${line.host} ${setting}`,
      `${plain(line)} ${setting}`,
      `${line.host} ${setting}${line.rest}`,
    ]);
  }),
  CRLF: (random, lines) =>
    lines.map((line) => `${plain(line)}${random.chance(0.8) ? '\r' : random.pick(['', ' \r', '\r\r'])}`),
  'cut at the dot': (random, lines) => {
    const short = random.pick(lines).host.split(/[.@]/, 1)[0] ?? 'a';
    const domains = ['.one', '.two.example', '.', '..', '.a_b', '.1', '.-', '.example.com'];
    return [
      ...lines.map(plain),
      ...Array.from(
        { length: 1 + random.below(2) },
        () => `${short}${random.pick(domains)}${random.pick(['', ' slots=2'])}`,
      ),
    ];
  },
  'names of this machine': (random, lines) => {
    const names = [
      'localhost',
      '127.0.0.1',
      'localhost.localdomain',
      '127.0.0.2',
      '0',
      '0.0.0.0',
      '127.1',
      '::1',
    ];
    return [
      ...Array.from(
        { length: 1 + random.below(2) },
        () => `${random.pick(names)}${random.pick(['', ' slots=2', ' slots=1'])}`,
      ),
      ...lines.map(plain),
    ];
  },
  'cpu=, port=, username=': each((random, line) => {
    const setting = random.pick([
      `cpu=${count(random)}`,
      `count=${count(random)}`,
      `port=${random.pick(['22', '2222', '0', '70000', 'x', '', '4294967295'])}`,
      `username=${random.pick(['bob', 'b.ob', '5', '', '"q"', 'slots', 'a@b'])}`,
      `user-name = bob`,
      'username',
      'port',
      'cpu',
    ]);
    return random.pick([
      `${line.host} ${setting}`,
      `${plain(line)} ${setting}`,
      `${line.host} ${setting}${line.rest}`,
    ]);
  }),
  '// comment': (random, lines) =>
    random.chance(0.5)
      ? between(() => `//${sentence(random)}`)(random, lines)
      : each((_, line) => `${plain(line)}${random.pick([' // ', '//', ' / '])}${sentence(random)}`)(
          random,
          lines,
        ),
  '/* comment */': (random, lines) => {
    const comment = random.pick(['/* c */', '/**/', '/* c', '/* a\n b */', '/***/', '/*/', '/* * / */']);
    const text = lines.map(plain).join('\n');
    const at = random.pick([
      0,
      text.length,
      text.indexOf('\n') + 1,
      text.indexOf(' '),
      random.below(text.length + 1),
    ]);
    return `${text.slice(0, Math.max(at, 0))}${comment}${text.slice(Math.max(at, 0))}`.split('\n');
  },
  'slots:2': each(
    (random, { host }) =>
      `${host}${random.pick([' slots:', ' slots: ', ' ', ':slots=', ' slots ', ',', ' x', '\tcpu:'])}${count(random)}`,
  ),
  'name:4 of a dotted name': each(
    (random, { host }) =>
      `${host.split('@').at(-1) ?? ''}${random.pick(['.example.com', '.a.b', '.1'])}:${random.pick(['4', '2222', 'x', '', '70000', '4:5'])}`,
  ),
  underscore: each(
    (random, line) =>
      `${random.pick(['my_', '_', 'a_b.', ''])}${line.host}${random.pick(['_1', '_', ''])}${line.rest}`,
  ),
  'slots=2.5': each(
    (random, { host }) =>
      `${host} slots=${random.pick(['2.5', '2x', '"2"', '2,', '2;', '2#c', '2//c', '2_0', '2e3', '2:3', '2=3', "'2'", '2/', '04', '2)'])}`,
  ),
  'large numbers': each(
    (random, { host }) =>
      `${random.chance(0.3) ? random.pick(['007', '10', '4294967297', '99999999999', '2147483648', '0x7f', '1.2.3', '999.1.1.1', '1.2.3.4.5', '256.1.1.1', '010.0.0.1', '10.5', '1.70000']) : host} ${random.pick(['slots', 'max_slots', 'port'])}=${random.pick(['2147483647', '2147483648', '4294967295', '4294967297', '99999999999', '9223372036854775808', '000000000000000000004', '65537'])}`,
  ),
  'byte order mark': (random, lines) =>
    lines.map((line, index) => (index === 0 || random.chance(0.1) ? `\uFEFF${plain(line)}` : plain(line))),
  'outside ASCII': each((random, line) => {
    const character = random.pick([
      '\u00a0',
      '\u2003',
      'а',
      'é',
      '—',
      '\u200b',
      '\u3000',
      '＝',
      '\u0085',
      '\u001c',
      '😀',
      'ñ',
      '²',
      '\u2028',
    ]);
    const text = plain(line);
    const at = random.below(text.length + 1);
    return text.slice(0, at) + character + text.slice(at + random.below(2));
  }),
  'node[1-4]': each(
    (random, { host, rest }) =>
      `${host}${random.pick(['[1-4]', '[01-04,7]', '{1..4}', '[1,3]', '(1-4)', '1-4', '<1-4>'])}${rest}`,
  ),
  'machine file': (random, lines) =>
    lines.flatMap(({ host }) => Array.from({ length: 1 + random.below(4) }, () => host)),
  'rank file': each(
    (random, { host }) =>
      `rank ${random.below(4)}${random.pick(['=', ' = ', '=+', '='])}${host}${random.pick([' slot=0', ' slots=0:1', '', ' x'])}`,
  ),
  'several on a line': (random, lines) => [
    lines.map(plain).join(random.pick([' ', ',', ';', ', ', '\t'])),
    ...(random.chance(0.4) ? [plain(random.pick(lines))] : []),
  ],
  'no line break at the end': (random, lines) => {
    const last = random.pick([
      '# c',
      '// c',
      '',
      'z slots=2 # c',
      ' ',
      'z',
      'z slots=',
      'z username=',
      '#',
      '/',
    ]);
    return [...lines.map(plain), last];
  },
  nothing: (random) => [
    random.pick([
      '',
      '\n',
      '# c',
      ' ',
      '\n\n',
      '#',
      '\t\n',
      '//',
      '/* c */',
      '\r',
      '\uFEFF',
      ' \n# c\n',
      '// c\n',
      '\f',
    ]),
  ],
  'other words': (random, lines) => {
    const text = lines.map(plain).join('\n');
    const piece = random.pick([
      '=',
      '==',
      '@',
      ':',
      '"',
      "'",
      '+',
      '+n0',
      '+e',
      '^',
      '*',
      ',',
      ';',
      '[',
      '\\',
      '\0',
      '-',
      '.',
      '/',
      '!',
      '%',
      '|',
      '\v',
      '\r',
      '(',
      '~',
      '&',
    ]);
    const at = random.below(text.length + 1);
    return (text.slice(0, at) + piece + text.slice(at + random.below(3))).split('\n');
  },
};

const names = ['node', 'worker-', 'gpu', 'ip-10-0-0-', 'n', 'Host', 'compute-0-'];
const domains = ['', '', '', '', '.example.com', '.ec2.internal', '.cluster.local'];

function randomLine(random: Random, index: number): Line {
  const number = index * 7 + random.below(7);
  const host = random.chance(0.3)
    ? `10.${random.below(3)}.0.${5 + number}`
    : `${random.pick(names)}${number}${random.pick(domains)}`;
  const rest = random.chance(0.85)
    ? ` slots=${count(random)}`
    : random.pick([`\tslots=${count(random)}`, '  slots=2', ' slots=4 ', '']);
  return { host, rest };
}

/** As many hostfiles as asked for, of all rules alike, the same ones for the same seed. */
export function generateHostfiles(seed: number, number: number): HostfileCase[] {
  const random = new Random(seed);
  const rows = Object.keys(rules);
  return Array.from({ length: number }, (_, index) => {
    const row = rows[index % rows.length] ?? '';
    const lines = Array.from({ length: 1 + random.below(4) }, (_, at) => randomLine(random, at));
    let texts = rules[row]?.(random, lines) ?? [];
    if (random.chance(0.12)) {
      const more = texts.map((text): Line => ({ host: text, rest: '' }));
      texts = rules[random.pick(rows)]?.(random, more.length === 0 ? lines : more) ?? texts;
    }
    const end = row === 'no line break at the end' || row === 'nothing' || random.chance(0.15) ? '' : '\n';
    return { row, text: texts.join('\n') + end };
  });
}
