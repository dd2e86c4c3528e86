/** Every id that package.json contributes and the code uses; a test compares the two both ways. */

export const commandIds = {
  launchStart: 'rankwise.launch.start',
  launchStartWith: 'rankwise.launch.startWith',
  launchPreview: 'rankwise.launch.preview',
  launchOpenSource: 'rankwise.launch.openSource',
  runStop: 'rankwise.run.stop',
  runOpenDashboard: 'rankwise.run.openDashboard',
  runShowLogs: 'rankwise.run.showLogs',
  runShowPlan: 'rankwise.run.showPlan',
  runOpenPage: 'rankwise.run.openPage',
  runCompare: 'rankwise.run.compare',
  runOpenTensorBoard: 'rankwise.run.openTensorBoard',
  runStopTensorBoard: 'rankwise.run.stopTensorBoard',
  runRefreshOutputs: 'rankwise.run.refreshOutputs',
  outputOpen: 'rankwise.output.open',
  outputDownload: 'rankwise.output.download',
  outputFollow: 'rankwise.output.follow',
  groupStop: 'rankwise.group.stop',
  groupRetryFailed: 'rankwise.group.retryFailed',
  groupCompare: 'rankwise.group.compare',
  groupCopyComparison: 'rankwise.group.copyComparison',
  runRemove: 'rankwise.run.remove',
  clusterCheck: 'rankwise.cluster.check',
  clusterSetUpKeys: 'rankwise.cluster.setUpKeys',
  clusterOpenSource: 'rankwise.cluster.openSource',
  hostSignIn: 'rankwise.host.signIn',
  hostOpenTerminal: 'rankwise.host.openTerminal',
  hostForwardPort: 'rankwise.host.forwardPort',
  hostStopForwarding: 'rankwise.host.stopForwarding',
  hostOpenSource: 'rankwise.host.openSource',
  slurmSubmit: 'rankwise.slurm.submit',
  slurmTest: 'rankwise.slurm.test',
  hostfileNew: 'rankwise.hostfile.new',
  hostfileResolve: 'rankwise.hostfile.resolve',
  secretSet: 'rankwise.secret.set',
  secretDelete: 'rankwise.secret.delete',
  practiceStart: 'rankwise.practice.start',
  practiceStop: 'rankwise.practice.stop',
  configCreate: 'rankwise.config.create',
  configOpen: 'rankwise.config.open',
  importCommand: 'rankwise.import.command',
  importSshHosts: 'rankwise.import.sshHosts',
  stateOpenFolder: 'rankwise.state.openFolder',
  logShow: 'rankwise.log.show',
  hostfileOpenEditor: 'rankwise.hostfile.openEditor',
  configOpenEditor: 'rankwise.config.openEditor',
  trainingOpenEditor: 'rankwise.training.openEditor',
  editorOpenText: 'rankwise.editor.openText',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
  launches: 'rankwise.launches',
  clusters: 'rankwise.clusters',
  runs: 'rankwise.runs',
} as const;

export const viewContainerId = 'rankwise';

/** Where the editor's secret store keeps `${secret:NAME}`. */
export function secretKey(name: string): string {
  return `rankwise.secret.${name}`;
}

/** Set by `setContext`, read by the `when` clauses of package.json. */
export const contextKeys = {
  /** A `rankwise.yaml` was found. */
  hasConfig: 'rankwise.hasConfig',
  /** It holds at least one launch without an error. */
  hasLaunches: 'rankwise.hasLaunches',
  /** At least one cluster with a host. */
  hasHosts: 'rankwise.hasHosts',
  /** At least one Slurm cluster. */
  hasSlurm: 'rankwise.hasSlurm',
  /** Paths of the hostfiles that clusters name. */
  hostfiles: 'rankwise.hostfiles',
  /** The file in the editor is meant for sbatch. */
  editorIsSbatch: 'rankwise.editorIsSbatch',
  /** The file in the editor is a training configuration. */
  editorIsTraining: 'rankwise.editorIsTraining',
  hasRuns: 'rankwise.hasRuns',
  /** At least one active run serves a page, such as Ray's dashboard. */
  hasPages: 'rankwise.hasPages',
  /** At least one run declares `outputs:`. */
  hasOutputs: 'rankwise.hasOutputs',
  /** At least one TensorBoard that this window has started. */
  hasTensorBoards: 'rankwise.hasTensorBoards',
  /** At least one group of trials. */
  hasGroups: 'rankwise.hasGroups',
  hasActiveRuns: 'rankwise.hasActiveRuns',
  hasEndedRuns: 'rankwise.hasEndedRuns',
  /** At least one run that a person stopped. */
  hasStoppedRuns: 'rankwise.hasStoppedRuns',
  /** `stopped`, `starting`, `running` or `failed`. */
  practice: 'rankwise.practice',
} as const;

/** The `contextValue` of tree rows, read by the menus of package.json as `viewItem`. */
export const rowContexts = {
  launch: 'launch',
  cluster: 'cluster',
  practiceCluster: 'practiceCluster',
  practiceFailed: 'practiceFailed',
  slurmCluster: 'slurmCluster',
  host: 'host',
  unreachableHost: 'unreachableHost',
  /** A login there needs a password or a second factor from a person. */
  signInHost: 'signInHost',
  practiceHost: 'practiceHost',
  unreachablePracticeHost: 'unreachablePracticeHost',
  activeRun: 'activeRun',
  stoppingRun: 'stoppingRun',
  endedRun: 'endedRun',
  goneRun: 'goneRun',
  activeGroup: 'activeGroup',
  endedGroup: 'endedGroup',
  worker: 'worker',
  /** A worker that only a launcher's log names. */
  taggedWorker: 'taggedWorker',
  /** The files that a run produces. */
  outputs: 'outputs',
  /** One of them. */
  output: 'output',
} as const;

export type RowContext = (typeof rowContexts)[keyof typeof rowContexts];

export const settingIds = {
  sshConfigFile: 'rankwise.ssh.configFile',
  slurmPollSeconds: 'rankwise.slurm.pollSeconds',
  runsKeepDays: 'rankwise.runs.keepDays',
  runsKeepCount: 'rankwise.runs.keepCount',
} as const;

/** `shellscript` is VS Code's own, given the names of sbatch scripts. */
/** Custom editors, as `viewType`. */
export const editorIds = {
  hosts: 'rankwise.hostsEditor',
  launches: 'rankwise.launchEditor',
  training: 'rankwise.trainingEditor',
} as const;

export const languageIds = { hostfile: 'hostfile', shellscript: 'shellscript' } as const;

export const jsonWithComments = 'jsonc';

export const walkthroughId = 'rankwise.firstRun';

/** Read-only texts made for one look. */
export const textScheme = 'rankwise-text';

/** Files that runs produce, as they were when they were opened. */
export const outputScheme = 'rankwise-output';

export const planScheme = 'rankwise-plan';

export const configFileName = 'rankwise.yaml';
