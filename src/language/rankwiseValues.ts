import * as z from 'zod';
import { schemasAt } from '../config/schemaAt';
import type { Path } from '../config/yamlPath';
import type { YamlNode } from '../config/yamlTree';
import { codeSpan } from './markdown';
import type { RankwiseContext } from './rankwiseContext';
import { axesOf, clusterNames, keysAt, textAt } from './rankwiseTree';
import type { Completion } from './types';

/** A value that may stand at a place. */
export interface ValueChoice {
  value: string;
  kind: Completion['kind'];
  detail?: string;
  documentation?: string;
  /** False for a number or truth value, which is written without quotes. */
  isText?: boolean;
  isExample?: boolean;
}

/** The values at a path: names of this file and of its world, the words of the schema, else its examples. */
export function valueChoices(root: YamlNode, path: Path, context: RankwiseContext): ValueChoice[] {
  const named = namesAt(root, path, context);
  if (named !== undefined) return named;
  const words = schemasAt(path).flatMap(({ schema, fallback }) => wordsOf(schema, fallback));
  return words.length > 0 ? words : examplesAt(path);
}

function wordsOf(schema: z.ZodType, fallback: unknown): ValueChoice[] {
  const isDefault = (value: unknown): { detail?: string } =>
    value === fallback ? { detail: 'default' } : {};
  if (schema instanceof z.ZodEnum) {
    return schema.options.map((option) => ({ value: String(option), kind: 'value', ...isDefault(option) }));
  }
  if (schema instanceof z.ZodLiteral) {
    return [...schema.values].map((value) => ({
      value: String(value),
      kind: 'value',
      isText: typeof value === 'string',
    }));
  }
  if (schema instanceof z.ZodBoolean) {
    return ['true', 'false'].map((value) => ({ value, kind: 'value', isText: false }));
  }
  return [];
}

function examplesAt(path: Path): ValueChoice[] {
  const places = schemasAt(path);
  const examples = new Set(places.flatMap((place) => place.examples));
  return [...examples].flatMap((example): ValueChoice[] => {
    if (typeof example !== 'string' && typeof example !== 'number') return [];
    return [
      {
        value: String(example),
        kind: 'value',
        detail: 'example',
        isText: typeof example === 'string',
        isExample: true,
      },
    ];
  });
}

/** Names at the places that take one; undefined at others. */
function namesAt(root: YamlNode, path: Path, context: RankwiseContext): ValueChoice[] | undefined {
  const [section, name, ...below] = path;
  const key = below.map((step) => (typeof step === 'number' ? '*' : step)).join('.');
  const list = (
    values: readonly string[] | undefined,
    kind: Completion['kind'],
    detail?: string,
  ): ValueChoice[] =>
    (values ?? []).map((value) => ({ value, kind, ...(detail !== undefined && { detail }) }));
  if (section === 'clusters') {
    const site = context.sites?.[String(name)];
    switch (key) {
      case 'hosts':
        return [...files(context, /hosts|machines|\.hostfile$/i), ...examplesIn('hosts')];
      case 'hosts.*':
      case 'hosts.*.host':
      case 'login':
      case 'login.host':
      case 'head.host':
        return list(context.hosts, 'host');
      case 'head':
        return list(hostsOf(root, path.slice(0, 2)), 'host', 'of this cluster').concat(
          list(context.hosts, 'host'),
        );
      case 'proxyJump':
      case 'hosts.*.proxyJump':
        return list(['head'], 'host', 'the head of this cluster').concat(list(context.hosts, 'host'));
    }
    return siteNames(key, site);
  }
  if (section !== 'launches') return undefined;
  const cluster = textAt(root, ['launches', String(name), 'cluster']) ?? '';
  switch (key) {
    case 'cluster':
      return clusterNames(root).map((value) => ({ value, kind: 'reference', ...about(root, value) }));
    case 'slurm.after.*':
      return list(
        keysAt(root, ['launches']).filter((other) => other !== name),
        'reference',
        'launch',
      );
    case 'config':
      return files(context, /\.jsonc?$/i);
    case 'slurm.script':
      return files(context, /\.(?:sbatch|slurm|sh|job)$/i);
    case 'setupScript':
      return files(context, /\.(?:sh|bash|py)$/i);
    case 'files.*':
      return files(context, /./);
    case 'partition':
      return siteNames(`slurm.${key}`, context.sites?.[cluster]);
  }
  const [first, second] = below;
  if (first === 'matrix' && second === 'exclude' && below.length === 4) {
    return list(axesOf(root, String(name)).get(String(below[3])), 'value', 'of this axis');
  }
  return siteNames(key, context.sites?.[cluster]);

  function examplesIn(at: string): ValueChoice[] {
    return examplesAt(['clusters', '', at]);
  }
}

function about(root: YamlNode, cluster: string): { detail: string; documentation?: string } {
  const login =
    textAt(root, ['clusters', cluster, 'login']) ?? textAt(root, ['clusters', cluster, 'login', 'host']);
  if (login !== undefined) return { detail: 'Slurm', documentation: `Login node: ${codeSpan(login)}` };
  const hostfile = textAt(root, ['clusters', cluster, 'hosts']);
  if (hostfile !== undefined) return { detail: 'cluster', documentation: `Hostfile: ${codeSpan(hostfile)}` };
  const hosts = hostsOf(root, ['clusters', cluster]);
  return hosts.length === 0
    ? { detail: 'built in' }
    : {
        detail: `${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`,
        documentation: hosts.slice(0, 20).map(codeSpan).join(', '),
      };
}

/** Hosts that a cluster lists itself. */
function hostsOf(root: YamlNode, cluster: Path): string[] {
  const found: string[] = [];
  for (let index = 0; index < 1000; index++) {
    const item = [...cluster, 'hosts', index];
    const host = textAt(root, item) ?? textAt(root, [...item, 'name']) ?? textAt(root, [...item, 'host']);
    if (host === undefined) break;
    found.push(host);
  }
  return found;
}

function files({ files = [] }: RankwiseContext, pattern: RegExp): ValueChoice[] {
  return files.filter((file) => pattern.test(file)).map((value) => ({ value, kind: 'file' }));
}

function siteNames(
  key: string,
  site: { [K in 'partitions' | 'accounts' | 'qos' | 'features']?: readonly string[] } | undefined,
): ValueChoice[] | undefined {
  const field = (
    {
      'slurm.partition': 'partitions',
      'slurm.account': 'accounts',
      'slurm.qos': 'qos',
      'slurm.constraint': 'features',
    } as const
  )[key];
  const values = field === undefined ? undefined : site?.[field];
  return values?.map((value) => ({ value, kind: 'value', detail: 'of this cluster' }));
}
