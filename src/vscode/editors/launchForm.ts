import type { LineIndex } from '../../config/lineIndex';
import type { Problem } from '../../config/problem';
import { readSchema } from '../../config/readSchema';
import { selfChecks } from '../../config/selfChecks';
import type { Path } from '../../config/yamlPath';
import { parseYaml, type YamlNode } from '../../config/yamlTree';
import { practiceCluster } from '../../config/checks/clusterChecks';
import { WrittenValues } from '../../language/yamlEditsLock';
import { at } from '../../language/yamlEditsMeaning';
import { YamlSource } from '../../language/yamlEditsSource';
import type {
  EntryRow,
  Field,
  FieldGroup,
  Form,
  FormProblem,
  FormState,
  Section,
} from '../../protocol/launches';
import { sections } from '../../protocol/launches';
import { fieldSpec, isGroup, keysAt } from './launchFields';
import { formProblem, placedProblems, problemsAt, type PlacedProblem } from './launchProblems';

export interface Selection {
  section: Section;
  name: string;
}

/** The keys to show first. */
const mainKeys: Readonly<Record<Section, readonly string[]>> = {
  clusters: ['hosts', 'head', 'login', 'user', 'workdir', 'setup', 'env'],
  launches: ['cluster', 'launcher', 'command', 'np', 'nodes', 'gpus', 'partition', 'env', 'params'],
};

/** There is nothing to show, or only what is `broken`. */
function withoutForm(broken: FormProblem[]): FormState {
  return { kind: 'entries', broken, problems: [], entries: [], form: null, totals: [] };
}

/**
 * A `rankwise.yaml` as a list of its clusters and launches and the form of one of them. Pure and total.
 * @param selection shown where the file has it; else the first launch
 * @param others findings of this text that only the whole workspace shows
 */
export function launchFormState(
  text: string,
  selection: Selection | undefined,
  others: readonly Problem[],
): FormState {
  const { root, problems, lines } = parseYaml(text);
  if (problems.length > 0) return withoutForm(problems.map(formProblem));
  if (root === undefined || (root.kind === 'scalar' && root.missing)) return withoutForm([]);
  const placed = placedProblems(root, [...readSchema(root).problems, ...selfChecks(root, text)], others);
  const source = YamlSource.read(text);
  if (source === undefined) return withoutForm(placed.map(({ problem }) => formProblem(problem)));
  const entries = sections.flatMap((section) =>
    namesIn(root, section).map((name) => entryRow(root, section, name, placed)),
  );
  const isChosen = (row: EntryRow): boolean =>
    row.section === selection?.section && row.name === selection.name;
  const shown = entries.find(isChosen) ?? entries.find(({ section }) => section === 'launches') ?? entries[0];
  const inEntries = ({ path }: PlacedProblem): boolean =>
    entries.some(({ section, name }) => path[0] === section && path[1] === name);
  return {
    kind: 'entries',
    broken: [],
    problems: placed.filter((one) => !inEntries(one)).map(({ problem }) => formProblem(problem)),
    entries,
    form: shown === undefined ? null : new FormBuilder(root, source, lines, placed).form(shown),
    totals: [],
  };
}

function namesIn(root: YamlNode, section: Section): string[] {
  const node = at(root, [section]);
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}

function entryRow(
  root: YamlNode,
  section: Section,
  name: string,
  placed: readonly PlacedProblem[],
): EntryRow {
  const own = placed.filter(({ path }) => path[0] === section && path[1] === name);
  const count = (severity: string): number =>
    own.filter(({ problem }) => problem.severity === severity).length;
  const detail = (section === 'clusters' ? clusterDetail : launchDetail)(root, [section, name]);
  return { section, name, detail, errors: count('error'), warnings: count('warning') };
}

function launchDetail(root: YamlNode, path: Path): string {
  return ['launcher', 'cluster'].flatMap((key) => textAt(root, [...path, key]) ?? []).join(' · ');
}

function clusterDetail(root: YamlNode, path: Path): string {
  const hosts = at(root, [...path, 'hosts']);
  if (hosts?.kind === 'list') return `${hosts.items.length} ${hosts.items.length === 1 ? 'host' : 'hosts'}`;
  if (at(root, [...path, 'login']) !== undefined) return 'Slurm';
  return textAt(root, [...path, 'hosts']) ?? '';
}

function textAt(root: YamlNode, path: Path): string | undefined {
  const node = at(root, path);
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

/** Makes the form of one entry. */
class FormBuilder {
  private readonly written: WrittenValues;

  constructor(
    private readonly root: YamlNode,
    source: YamlSource,
    private readonly lines: LineIndex,
    private readonly placed: readonly PlacedProblem[],
  ) {
    this.written = new WrittenValues(source);
  }

  form({ section, name }: Selection): Form {
    const path = [section, name];
    const main = mainKeys[section];
    const known = keysAt(path);
    const groups = known.filter((key) => isGroup([...path, key]));
    const rest = known.filter((key) => !main.includes(key) && !groups.includes(key));
    const launcher = textAt(this.root, [...path, 'launcher']) ?? '';
    const made = [
      this.group(path, '', section === 'launches' ? 'Launch' : 'Cluster', main, true),
      ...groups.map((key) => this.group([...path, key], key, key, keysAt([...path, key]), key === launcher)),
      this.group(path, 'more', 'More', rest, false),
    ];
    const used = made.filter(
      ({ isOpen, fields, name: group }) =>
        fields.length > 0 && (isOpen || isOwn(group) || fields.some(({ isSet }) => isSet)),
    );
    const covered = used.flatMap(({ fields }) => fields);
    return {
      entry: { section, name },
      at: this.lines.position(this.written.at(path).offset),
      groups: used,
      problems: this.placed
        .filter(({ path: [first, second] }) => first === section && second === name)
        .filter((one) => !covered.some((field) => problemsAt([one], field.path).length > 0))
        .map(({ problem }) => formProblem(problem)),
    };
  }

  private group(
    path: string[],
    name: string,
    title: string,
    keys: readonly string[],
    isOpen: boolean,
  ): FieldGroup {
    const help = name === '' || name === 'more' ? '' : fieldSpec(path, undefined).help;
    // What is not there and cannot be put there is no use to anybody.
    const fields = keys
      .filter(
        (key) =>
          at(this.root, [...path, key]) !== undefined || this.written.at([...path, key]).locked === undefined,
      )
      .map((key) => this.field([...path, key]));
    const hasWords = fields.some(({ isSet, problems }) => isSet || problems.length > 0);
    return { name, title, help, isOpen: isOpen || hasWords, fields };
  }

  private field(path: string[]): Field {
    const node = at(this.root, path);
    const spec = fieldSpec(path, node);
    const written = this.written.at(path);
    const isSet = node !== undefined;
    const choices =
      path.at(-1) === 'cluster' && path.length === 3
        ? [...new Set([...namesIn(this.root, 'clusters'), practiceCluster])]
        : spec.choices;
    const value = node === undefined ? '' : valueOf(node);
    return {
      path,
      label: path.at(-1) ?? '',
      help: spec.help,
      control: choices.length > spec.choices.length ? 'choice' : (spec.control ?? 'long'),
      value: spec.control === undefined || value === undefined ? (written.text ?? '') : value,
      pairs: node?.kind === 'map' && spec.control === 'pairs' ? pairsOf(node) : [],
      choices,
      placeholder: spec.placeholder,
      required: spec.required,
      isSet,
      locked: this.lockOf(node, written, spec.control === undefined, spec.control),
      at: this.lines.position(written.offset),
      problems: problemsAt(this.placed, path).map(({ problem }) => formProblem(problem)),
    };
  }

  private lockOf(
    node: YamlNode | undefined,
    { locked, text }: { locked: string | undefined; text: string | undefined },
    hasNoControl: boolean,
    control: string | undefined,
  ): string | null {
    if (locked !== undefined) return locked;
    if (node === undefined) return hasNoControl ? 'it has parts of its own' : null;
    if (text === undefined && !(node.kind === 'scalar' && node.missing)) return 'a merge key (`<<`) gives it';
    if (hasNoControl) return 'it has parts of its own';
    if (node.kind === 'scalar' && /[^\P{Cc}\n\t]/u.test(node.text)) return 'it has control characters';
    const isExpression = node.kind === 'scalar' && node.text.includes('${');
    return isExpression && (control === 'number' || control === 'choice') ? 'it is an expression' : null;
  }
}

/** Groups that are always offered. */
function isOwn(name: string): boolean {
  return ['', 'more', 'stop'].includes(name);
}

/** As the control shows it; undefined where no control holds it. */
function valueOf(node: YamlNode): string | undefined {
  if (node.kind === 'scalar') return node.value === null ? '' : node.text;
  if (node.kind === 'map') return '';
  return node.items.map((item) => (item.kind === 'scalar' ? item.text : '')).join('\n');
}

function pairsOf(node: YamlNode & { kind: 'map' }): { name: string; value: string }[] {
  return [...node.entries].map(([name, { value }]) => ({
    name,
    value: value.kind === 'scalar' ? value.text : '',
  }));
}
