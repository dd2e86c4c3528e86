import { outputDirectory } from './outputDirectories';
import { optionsOf, type SbatchScript } from './readSbatch';
import type { GivenOption } from './sbatchArguments';
import type { SbatchFinding } from './sbatchFinding';
import { resourcesOf, type SbatchResources } from './sbatchResources';
import type { SbatchUse } from './sbatchUse';
import { readBody, type ScriptBody } from './scriptBody';

/** What a job with these options does that nobody means, and that otherwise shows after an hour in the queue. */
export function lessonFindings(script: SbatchScript, use: SbatchUse): SbatchFinding[] {
  if (script.components.length > 1) return [];
  const options = optionsOf(script);
  const value = (long: string): string | undefined => use.given?.[long] ?? options.get(long)?.value;
  const resources = resourcesOf(value);
  const lessons = new Lessons(options, resources, use);
  lessons.tasks();
  lessons.output('output', value('open-mode'));
  lessons.output('error', value('open-mode'));
  lessons.training();
  if (script.firstCommand !== undefined) lessons.body(readBody(script.text, script.firstCommand));
  return lessons.findings;
}

class Lessons {
  readonly findings: SbatchFinding[] = [];

  constructor(
    private readonly options: ReadonlyMap<string, GivenOption>,
    private readonly resources: SbatchResources,
    private readonly use: SbatchUse,
  ) {}

  /** What is given on the command line cannot be mended in the script, so it gets no finding. */
  private add(
    code: string,
    longs: readonly string[],
    message: string,
    severity: SbatchFinding['severity'] = 'warning',
  ): void {
    const at = longs.map((long) => this.options.get(long)).find((given) => given !== undefined);
    if (at !== undefined)
      this.findings.push({ code, severity, message, start: at.wholeStart, end: at.wholeEnd });
  }

  tasks(): void {
    const { nodes, tasks, tasksPerNode } = this.resources;
    if (nodes === undefined || tasks === undefined || !this.options.has('nodes')) return;
    if (tasksPerNode !== undefined && nodes * tasksPerNode !== tasks) {
      const product = nodes * tasksPerNode;
      const what = tasks > product ? 'no node may take the rest' : 'the smaller number holds';
      this.add(
        'taskProduct',
        ['ntasks'],
        `${nodes} nodes × ${tasksPerNode} tasks per node is ${product}, not ${tasks} (${what}). Delete \`--ntasks\`, or write ${product}.`,
      );
    } else if (tasks < nodes) {
      this.add(
        'fewerTasksThanNodes',
        ['nodes'],
        `${tasks} task${tasks === 1 ? '' : 's'} cannot use ${nodes} nodes: Slurm gives ${tasks}. Write \`--ntasks-per-node\`, or fewer nodes.`,
      );
    }
  }

  output(long: 'output' | 'error', openMode: string | undefined): void {
    const given = this.options.get(long);
    const path = given?.value;
    if (given === undefined || path === undefined || path === '' || path === '/dev/null') return;
    const at = { start: given.valueStart, end: given.valueEnd };
    const { arrayTasks = 0 } = this.resources;
    if (arrayTasks > 1 && !/%\d*[ajJ]/.test(path) && !openMode?.toLowerCase().startsWith('a')) {
      const message = `All ${arrayTasks} jobs of the array write over this one file. Put \`%a\` (index) or \`%j\` (job) into its name: \`%A_%a\`.`;
      this.findings.push({ code: 'arrayOutput', severity: 'warning', message, ...at });
    }
    const directory = this.directoryOf(long);
    const { directories } = this.use;
    if (directory === undefined || directories === undefined || directories.known.has(directory)) return;
    if (long === 'error' && directory === this.directoryOf('output')) return;
    const lost = 'Slurm does not make it: the job ends at once, and nothing is written.';
    if (directories.certain) {
      const message = `There is no directory \`${directory}\` ${directories.where}. ${lost} Make it before you submit.`;
      this.findings.push({ code: 'outputDirectory', severity: 'warning', message, ...at });
    } else {
      const message = `There is no directory \`${directory}\` ${directories.where}. If there is none where you submit either: ${lost}`;
      this.findings.push({ code: 'outputDirectory', severity: 'information', message, ...at });
    }
  }

  private directoryOf(long: string): string | undefined {
    return outputDirectory(this.options.get(long)?.value ?? '', this.options.get('chdir')?.value);
  }

  training(): void {
    const { training } = this.use;
    if (training === undefined) return;
    const { nodes, gpusPerNode } = this.resources;
    if (training.nodes !== undefined && nodes !== undefined && training.nodes !== nodes) {
      this.add(
        'trainingNodes',
        ['nodes'],
        `The job has ${nodes} node${nodes === 1 ? '' : 's'}, ${training.file} says \`nodes: ${training.nodes}\`. Make them agree.`,
      );
    }
    if (training.gpus !== undefined && gpusPerNode !== undefined && training.gpus !== gpusPerNode) {
      this.add(
        'trainingGpus',
        ['gres', 'gpus-per-node', 'gpus'],
        `The job has ${gpusPerNode} GPU${gpusPerNode === 1 ? '' : 's'} per node, ${training.file} says \`gpus: ${training.gpus}\`. Make them agree.`,
      );
    }
  }

  body(body: ScriptBody): void {
    this.missingSrun(body);
    this.launcherPerTask(body);
    if (!body.hasRay && !body.hasNodeLauncher && body.srunPython.length > 0) this.tasksPerGpu(body);
  }

  /** Several tasks are asked for, and one program starts. */
  private missingSrun(body: ScriptBody): void {
    const { nodes = 1, totalTasks = 1, totalGpus = 0 } = this.resources;
    const [first] = body.plainPython;
    if (first === undefined || body.startsTasks || body.hasRay) return;
    if (body.hasNodeLauncher) return;
    const isWaste = nodes > 1 || (totalTasks > 1 && totalGpus > 1 && totalTasks === totalGpus);
    if (!isWaste || totalTasks < 1) return;
    const what = nodes > 1 ? `on the first of ${nodes} nodes alone` : `once, not ${totalTasks} times`;
    const message = `Without \`srun\` this starts ${what}. Write \`srun\` before it.`;
    this.findings.push({
      code: 'missingSrun',
      severity: 'warning',
      message,
      start: first.start,
      end: first.end,
    });
  }

  /** Tasks of each node, as far as that is certain. */
  private perNode(): number | undefined {
    const { tasksPerNode, tasks, nodes } = this.resources;
    if (tasks === undefined) return tasksPerNode ?? 1;
    if (nodes === undefined) return tasksPerNode;
    return tasks % nodes === 0 ? tasks / nodes : tasksPerNode;
  }

  /** torchrun starts a process per GPU, and srun starts torchrun in every task. */
  private launcherPerTask({ srunLaunchers }: ScriptBody): void {
    const [first] = srunLaunchers;
    const perNode = this.perNode() ?? 1;
    if (first === undefined || perNode === 1) return;
    const message = `\`srun\` starts this ${perNode} times on each node, and each starts a process for each GPU. Write \`--ntasks-per-node=1\`, or \`srun python\` alone.`;
    this.findings.push({
      code: 'launcherPerTask',
      severity: 'warning',
      message,
      start: first.start,
      end: first.end,
    });
  }

  private tasksPerGpu({ isLightning }: ScriptBody): void {
    const { gpusPerNode, gpusPerTask } = this.resources;
    if (gpusPerNode === undefined || gpusPerNode === 0 || gpusPerTask !== undefined) return;
    const perNode = this.perNode();
    if (perNode === undefined || perNode === gpusPerNode) return;
    // One task per node may well use all its GPUs by itself, unless it is Lightning, which wants a task for each.
    if (perNode === 1 && !isLightning) return;
    const message = `${perNode} task${perNode === 1 ? '' : 's'} per node and ${gpusPerNode} GPU${gpusPerNode === 1 ? '' : 's'} per node: Lightning and torch DDP want one task for each GPU, and otherwise start separate trainings or hang. Write \`--ntasks-per-node=${gpusPerNode}\`.`;
    this.add(
      'tasksPerGpu',
      ['ntasks-per-node', 'ntasks', 'gres', 'gpus-per-node', 'gpus'],
      message,
      isLightning ? 'warning' : 'information',
    );
  }
}
