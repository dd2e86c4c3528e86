import { suggest } from '../suggest';
import { optionsOf, type SbatchScript } from './readSbatch';
import type { GivenOption } from './sbatchArguments';
import { arraySize, isArray } from './sbatchArray';
import { shown, type SbatchFinding } from './sbatchFinding';
import { memoryMegabytes } from './sbatchMemory';
import { nodeRange } from './sbatchNodes';
import { resourcesOf } from './sbatchResources';
import { timeSeconds, timeWords } from './sbatchTime';
import type { SiteFacts, SitePartition } from './siteFacts';

/** What the site will refuse or never start, as its controller described itself. It may have changed, so these are warnings. */
export function siteFindings(script: SbatchScript, site: SiteFacts): SbatchFinding[] {
  const options = optionsOf(script);
  const findings: SbatchFinding[] = [];
  const add = (code: string, given: GivenOption, message: string): void => {
    findings.push({ code, severity: 'warning', message, start: given.valueStart, end: given.valueEnd });
  };
  const unknown = (
    long: string,
    code: string,
    what: string,
    known: readonly string[] | undefined,
    split: RegExp,
  ): void => {
    const given = options.get(long);
    if (given?.value === undefined || known === undefined || known.length === 0) return;
    for (const word of given.value.split(split)) {
      if (word === '' || known.includes(word)) continue;
      const near = suggest(word, known);
      const list = known.length <= 8 ? ` There are ${known.join(', ')}.` : '';
      add(
        code,
        given,
        `This site has no ${what} ${shown(word)} for you.${near === undefined ? list : ` Did you mean \`${near}\`?`}`,
      );
    }
  };
  unknown(
    'partition',
    'unknownPartition',
    'partition',
    site.partitions?.map(({ name }) => name),
    /,/,
  );
  unknown('account', 'unknownAccount', 'account', site.accounts, /,/);
  unknown('qos', 'unknownQos', 'QOS', site.qos, /,/);
  unknown('constraint', 'unknownFeature', 'node with the feature', site.features, /[&|,()[\]!]+|\*\d+/);
  findings.push(...limitFindings(options, site), ...releaseFindings(options, site.version));
  return findings;
}

/** Options that the release of the site does not have. */
function releaseFindings(options: ReadonlyMap<string, GivenOption>, version = ''): SbatchFinding[] {
  const [, release] = /^(\d\d\.\d\d)/.exec(version) ?? [];
  if (release === undefined) return [];
  return [...options.values()].flatMap(({ option, spelling, start, end }) => {
    const { since, until } = option;
    const what =
      since !== undefined && release < since
        ? `came with Slurm ${since}`
        : until !== undefined && release > until
          ? `went after Slurm ${until}`
          : undefined;
    if (what === undefined) return [];
    const message = `${shown(spelling)} ${what}; this site has ${version} and refuses it. Delete it.`;
    return [{ code: 'otherRelease', severity: 'warning', message, start, end }];
  });
}

/** Against the partition that could take most: with several, each limit is that of the most generous. */
function limitFindings(options: ReadonlyMap<string, GivenOption>, site: SiteFacts): SbatchFinding[] {
  const findings: SbatchFinding[] = [];
  const check = (long: string, code: string, isOver: boolean, message: string): void => {
    const given = options.get(long);
    if (given === undefined || !isOver) return;
    findings.push({ code, severity: 'warning', message, start: given.valueStart, end: given.valueEnd });
  };
  const array = options.get('array')?.value;
  if (
    array !== undefined &&
    isArray(array) &&
    site.maxArraySize !== undefined &&
    arraySize(array).highest >= site.maxArraySize
  ) {
    check('array', 'arrayOverLimit', true, `This site takes indices up to ${site.maxArraySize - 1}.`);
  }
  const chosen = partitionsOf(options.get('partition')?.value, site.partitions ?? []);
  const [only] = chosen;
  if (only === undefined) return findings;
  const most = (of: (partition: SitePartition) => number): number => Math.max(...chosen.map(of));
  const name = chosen.length === 1 ? `Partition ${only.name}` : 'None of these partitions';
  const verb = chosen.length === 1 ? 'does not give' : 'gives';
  const value = (long: string): string | undefined => options.get(long)?.value;
  const seconds = timeSeconds(value('time') ?? '0') ?? 0;
  check(
    'time',
    'timeOverLimit',
    seconds > most(({ maxTime }) => maxTime),
    `${name} ${verb} more than ${timeWords(most(({ maxTime }) => maxTime))}.`,
  );
  const least = nodeRange(value('nodes') ?? '1')?.least ?? 1;
  const nodes = most((partition) => Math.min(partition.nodes, partition.maxNodes));
  check(
    'nodes',
    'nodesOverLimit',
    least > nodes,
    `${name} ${verb} more than ${nodes} node${nodes === 1 ? '' : 's'}.`,
  );
  const { gpusPerNode = 0 } = resourcesOf(value);
  const gpus = most((partition) => partition.gpus);
  for (const long of ['gres', 'gpus-per-node']) {
    check(
      long,
      'gpusOverNode',
      gpusPerNode > gpus,
      `${name} ${chosen.length === 1 ? 'has no' : 'has a'} node with ${gpusPerNode} GPUs; the most is ${gpus}.`,
    );
  }
  const memory = most((partition) => partition.memory);
  const asked = memoryMegabytes(value('mem') ?? '0') ?? 0;
  check(
    'mem',
    'memoryOverNode',
    memory > 0 && asked > memory,
    `${name} ${chosen.length === 1 ? 'has no' : 'has a'} node with so much memory; the most is ${memory} megabytes.`,
  );
  const down = chosen.every(({ isUp }) => !isUp);
  check(
    'partition',
    'partitionDown',
    down,
    `${name} ${chosen.length === 1 ? 'is down' : 'is up'}: the job would wait.`,
  );
  return findings;
}

/** The partitions that a job may go to; none where one of them is not known. */
export function partitionsOf(
  value: string | undefined,
  partitions: readonly SitePartition[],
): SitePartition[] {
  if (value === undefined) return partitions.filter(({ isDefault }) => isDefault);
  const names = value.split(',').filter((name) => name !== '');
  const found = partitions.filter(({ name }) => names.includes(name));
  return found.length === names.length ? found : [];
}
