import type * as z from 'zod';
import { asWritten } from './asWritten';
import type { Problem, Range } from './problem';
import { clusterSchema, type ClusterSpec } from './schema/clusterSchema';
import { launchSchema, type LaunchSpec } from './schema/launchSchema';
import { readSchema, type PathProblem } from './readSchema';
import { selfChecks } from './selfChecks';
import { locate, type Path } from './yamlPath';
import { parseYaml, type YamlMapping, type YamlNode } from './yamlTree';

/** A cluster or launch as the file has it. */
export interface Entry<Spec> {
  name: string;
  path: Path;
  /** From its name to the end of its value. */
  range: Range;
  value: YamlNode;
  /** Undefined when something in it is wrong. */
  spec: Spec | undefined;
}

export interface RankwiseDocument {
  root: YamlNode | undefined;
  clusters: Entry<ClusterSpec>[];
  launches: Entry<LaunchSpec>[];
  problems: Problem[];
}

/** Parses and checks a `rankwise.yaml` by itself, without its hostfiles. Never throws: what is wrong is a problem. */
export function parseRankwise(text: string): RankwiseDocument {
  const { root, problems, lines } = parseYaml(text);
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) {
    if (problems.length === 0) {
      const message = 'This file is empty. Begin with `version: 1`, then `clusters:` and `launches:`.';
      problems.push({ code: 'rankwise.missingKey', severity: 'error', message, range: lines.lineRange(0) });
    }
    return { root: undefined, clusters: [], launches: [], problems };
  }
  const { data, problems: misfits } = readSchema(root);
  const found = [...misfits, ...selfChecks(root, text)];
  const broken = found.filter(({ severity }) => severity === 'error');
  return {
    root,
    clusters: entriesOf(root, 'clusters', broken, clusterSchema, data?.clusters),
    launches: entriesOf(root, 'launches', broken, launchSchema, data?.launches),
    problems: unique([...problems, ...found]),
  };
}

/** @param read what the schema made of the whole file; without it each entry is read by itself */
function entriesOf<Spec>(
  root: YamlNode,
  section: 'clusters' | 'launches',
  errors: readonly PathProblem[],
  schema: z.ZodType<Spec>,
  read: Readonly<Record<string, Spec>> | undefined,
): Entry<Spec>[] {
  const { node, complete } = locate(root, [section]);
  if (!complete || node.kind !== 'map') return [];
  const wrong = new Set(errors.filter(({ path }) => path[0] === section).map(({ path }) => String(path[1])));
  return [...(node satisfies YamlMapping).entries].map(([name, { keyRange, value }]) => ({
    name,
    path: [section, name],
    // An alias stands where its anchor is, which may be above its name.
    range:
      value.range.end.line >= keyRange.end.line ? { start: keyRange.start, end: value.range.end } : keyRange,
    value,
    spec: wrong.has(name) ? undefined : (read?.[name] ?? schema.safeParse(asWritten(value, schema)).data),
  }));
}

/** A value that several aliases lead to is named once. */
function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const { code, severity, message, range } of problems) {
    const { start, end } = range;
    const place = [start.line, start.character, end.line, end.character].join(':');
    const key = `${place} ${code} ${place === '0:0:0:0' ? message : ''}`;
    if (!seen.has(key)) seen.set(key, { code, severity, message, range });
  }
  return [...seen.values()];
}
