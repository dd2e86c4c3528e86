import type { LauncherName } from '../config/model';
import { isPlainSecret } from '../config/checks/secretChecks';
import { environmentNamePattern } from '../config/names';
import type { OptionWords } from './optionWords';
import type { ShellWord } from './shellText';
import { withoutSecrets } from './withoutSecrets';

/** A host as a command names it. */
export interface DraftHost {
  host: string;
  user?: string;
  port?: number;
  slots?: number;
}

/** Values of the launcher's own key, as `rankwise.yaml` has them. */
export type DraftOptions = Record<
  string,
  string | number | boolean | string[] | Record<string, string> | undefined
>;

/** A launch while the words of a command are sorted into it. Every word goes in, or is dropped with a reason. */
export class LaunchDraft {
  /** What runs on every rank. */
  command: ShellWord[] = [];
  /** The name, where the command has one. */
  name: string | undefined;
  np: number | undefined;
  nodes: number | undefined;
  gpus: number | undefined;
  /** Names are a person's: no name is there before it is set. */
  env = Object.create(null) as Record<string, string>;
  /** Assignments that only a shell can carry out, on the line of the command. */
  assignments: string[] = [];
  /** Redirections and what a pipe leads to, behind the command. */
  tail = '';
  readonly own: DraftOptions = {};
  readonly args: string[] = [];
  hosts: DraftHost[] = [];
  hostfile: string | undefined;
  /** Processes on each host, where the command says that and not their sum. */
  perHost: number | undefined;
  workdir: string | undefined;
  /** What is worth knowing of the launch beside what was dropped. */
  readonly notes: string[] = [];
  readonly dropped: string[] = [];

  constructor(readonly launcher: LauncherName) {}

  /** Of what looks like a secret, only the name is told. */
  drop(words: readonly ShellWord[] | string, reason: string): void {
    const text = typeof words === 'string' ? words : words.map(({ source }) => source).join(' ');
    if (text !== '') this.dropped.push(`${withoutSecrets(text)}: ${withoutSecrets(reason)}`);
  }

  /** The literal value of an option; dropped where only a shell could tell it. */
  text({ values, words }: OptionWords): string | undefined {
    const [value] = values;
    if (value?.isPlaceholder === true) {
      this.drop(words, toFillIn);
      return undefined;
    }
    if (value?.text !== undefined && value.text !== '') return value.text;
    this.drop(words, value === undefined || value.text === '' ? 'it has no value' : onlyAShell);
    return undefined;
  }

  /** A whole number of at least `least`, or undefined and dropped. */
  whole(option: OptionWords, least: number): number | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text);
    this.drop(option.words, `it is no whole number of at least ${least}`);
    return undefined;
  }

  /** Takes the path of a hostfile; where only a shell knows it, the cluster needs one of its own. */
  setHostfile(option: OptionWords): void {
    this.hostfile = this.text(option) ?? this.hostfile ?? unknownHostfile;
  }

  /** A value that must look like `pattern`, or undefined and dropped. */
  matching(option: OptionWords, pattern: RegExp, reason: string): string | undefined {
    const text = this.text(option);
    if (text === undefined || pattern.test(text)) return text;
    this.drop(option.words, reason);
    return undefined;
  }

  /** Goes on verbatim as an argument of the launcher. */
  verbatim({ words }: { words: readonly ShellWord[] }): void {
    for (const word of this.literal(words)) this.args.push(word);
  }

  /** Words as elements of a list; none of them, and dropped, where only a shell knows one. */
  literal(words: readonly ShellWord[]): string[] {
    const texts = words.flatMap(({ text }) => (text === undefined ? [] : [literalText(text)]));
    if (texts.length === words.length) return texts;
    this.drop(words, onlyAShell);
    return [];
  }

  /** An assignment in front of the command, of `export`, or of `-x`. */
  assign(name: string, value: ShellWord): void {
    // A key `__proto__` is refused in rankwise.yaml.
    if (!environmentNamePattern.test(name) || name === '__proto__') {
      return this.drop(`${name}=${value.source}`, 'Rankwise keeps no variable of this name');
    }
    const before = this.env[name];
    if (before !== undefined) this.drop(`${name}=${before}`, 'it is set again');
    if (value.text === undefined || !value.plain) {
      this.assignments.push(`${name}=${value.source}`);
      return;
    }
    this.env[name] = literalText(value.text);
    if (value.isPlaceholder === true) this.notes.push(`Fill in ${name}: ${value.source}.`);
    else if (isPlainSecret(name, value.text)) {
      this.env[name] = `\${secret:${name.toLowerCase()}}`;
      this.drop(`${name}=…`, 'it looks like a secret, which is stored apart and not in this file');
    }
  }

  /** `host`, `host:slots`, `user@host`, separated by commas; a host that is named again has one slot more. */
  hostList(option: OptionWords): void {
    const text = this.text(option);
    if (text === undefined) return;
    for (const part of text.split(',')) {
      const match = /^(?:([\w.][\w.+-]*)@)?([A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?$/.exec(part);
      const [, user, host, slots] = match ?? [];
      if (host === undefined) {
        this.drop(part, `no host can be read in it (${option.words[0]?.source ?? ''})`);
        continue;
      }
      const again = this.hosts.find((known) => known.host === host);
      const count = slots === undefined ? 1 : Number(slots);
      if (again !== undefined) again.slots = (again.slots ?? 1) + count;
      else this.hosts.push({ host, ...(user === undefined ? {} : { user }), slots: Math.max(1, count) });
    }
  }
}

/**
 * The options that are left where of several that mean the same only the last one counts.
 * @param groups names without dashes; those of a group mean the same
 */
export function lastOfEach(
  draft: LaunchDraft,
  options: readonly OptionWords[],
  groups: string,
): OptionWords[] {
  const groupOf = new Map(
    groups.split('|').flatMap((group) =>
      group
        .trim()
        .split(/\s+/)
        .map((name) => [name, group] as const),
    ),
  );
  const last = new Map<string, OptionWords>();
  for (const option of options) {
    const group = groupOf.get(option.name);
    if (group !== undefined) last.set(group, option);
  }
  return options.filter((option) => {
    const group = groupOf.get(option.name);
    const counts = group === undefined || last.get(group) === option;
    if (!counts) draft.drop(option.words, 'it is given again');
    return counts;
  });
}

/** The hostfile of a cluster whose hosts the command does not tell. */
export const unknownHostfile = 'hosts';

const toFillIn = 'it is for you to fill in';

export const onlyAShell = 'only the shell that it was typed into knows the value';

/** Text in which nothing is a reference to a parameter. */
export function literalText(text: string): string {
  // A string in place of the function would be read for `$$`, which stands for `$` there.
  return text.replaceAll('${', () => '$${');
}
