import * as vscode from 'vscode';
import { systemClock } from './base/clock';
import { DisposableStore, type Disposable } from './base/disposable';
import type { Logger } from './base/logger';
import { stateDir } from './base/stateDir';
import type { Core } from './core';
import { createCore } from './coreMain';
import { defaultKeepRuns, type KeepRuns } from './runs/leaves/cleanRuns';
import { registerClusterCommands } from './vscode/commands/clusterCommands';
import { CommandRegistry } from './vscode/commands/commandRegistry';
import { registerFileCommands } from './vscode/commands/fileCommands';
import { registerForwardCommands } from './vscode/commands/forwardCommands';
import { registerGroupCommands } from './vscode/commands/groupCommands';
import { registerHostCommands } from './vscode/commands/hostCommands';
import { registerHostfileCommands } from './vscode/commands/hostfileCommands';
import { registerImportCommands } from './vscode/commands/importCommands';
import { registerKeyCommands } from './vscode/commands/keyCommands';
import { registerLaunchCommands } from './vscode/commands/launchCommands';
import { registerLogCommands } from './vscode/commands/logCommands';
import { registerOutputCommands } from './vscode/commands/outputCommands';
import { registerRunCommands } from './vscode/commands/runCommands';
import { registerSecretCommands } from './vscode/commands/secretCommands';
import { registerSlurmCommands } from './vscode/commands/slurmCommands';
import { registerTensorBoardCommands } from './vscode/commands/tensorBoardCommands';
import { ConfigFinder } from './vscode/config/configFinder';
import { ContextKeys } from './vscode/contextKeys';
import { DashboardPanels } from './vscode/dashboard/dashboardPanels';
import type { DashboardActions } from './vscode/dashboard/dashboardPanel';
import { registerEditorCommands } from './vscode/editors/editorCommands';
import { hostsEditor } from './vscode/editors/hostsEditor';
import { launchEditor, trainingEditor } from './vscode/editors/launchEditor';
import { registerTextEditor } from './vscode/editors/registerTextEditor';
import { Forwards } from './vscode/forwards';
import { GroupNotifications } from './vscode/groupNotifications';
import { HostKeyPrompt } from './vscode/hostKeyPrompt';
import { commandIds, settingIds } from './vscode/ids';
import { FileDiagnostics } from './vscode/language/fileDiagnostics';
import { FileKinds } from './vscode/language/fileKinds';
import { HostfileLenses } from './vscode/language/hostfileLenses';
import { HostLooks } from './vscode/language/hostLooks';
import { Languages } from './vscode/language/languages';
import { LaunchLenses } from './vscode/language/launchLenses';
import { OnDemandProblems } from './vscode/language/onDemandProblems';
import { SbatchLenses } from './vscode/language/sbatchLenses';
import { ScriptDirectories } from './vscode/language/scriptDirectories';
import { OutputFiles } from './vscode/outputs/outputFiles';
import { OutputLists } from './vscode/outputs/outputLists';
import { TensorBoards } from './vscode/outputs/tensorBoards';
import { PlanDocuments } from './vscode/planDocuments';
import { tellEndedWhileAway } from './vscode/endedWhileAway';
import { RunLog } from './vscode/runLog';
import { RunNotifications } from './vscode/runNotifications';
import { RunSummaries } from './vscode/runSummaries';
import { RunTransitions } from './vscode/runTransitions';
import { Secrets } from './vscode/secrets';
import { StatusBar } from './vscode/statusBar';
import { TextDocuments } from './vscode/textDocuments';
import { ClustersView } from './vscode/trees/clustersView';
import { LaunchesView } from './vscode/trees/launchesView';
import { RunsView } from './vscode/trees/runsView';

/** The composition root: everything is made here, in the order of its dependencies, and disposed in reverse. */
export function createApp(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  logger: Logger,
): Disposable {
  const store = new DisposableStore();
  store.add(channel);
  const state = stateDir();
  const secrets = new Secrets(context);
  const core = store.add(
    createCore({
      stateDir: state,
      extensionPath: context.extensionPath,
      ask: new HostKeyPrompt(),
      logger,
      secretOf: (name) => secrets.get(name),
      sshConfigFile,
      mayRunGit: () => vscode.workspace.isTrusted,
      mayReadOutside: () => vscode.workspace.isTrusted,
      keepRuns,
    }),
  );
  const finder = store.add(new ConfigFinder(core, logger));
  const onDemand = store.add(new OnDemandProblems());
  const looks = new HostLooks(core);
  const directories = store.add(new ScriptDirectories());
  const kinds = store.add(new FileKinds(core, directories));
  const diagnostics = store.add(new FileDiagnostics(core, kinds, onDemand, directories));
  store.add(new Languages({ core, kinds, diagnostics, looks, secrets, sshConfigFile }));
  store.add(new HostfileLenses(core));
  store.add(new SbatchLenses(core));
  const boards = store.add(new TensorBoards(core));
  store.add(new ContextKeys(core, boards));

  const plans = store.add(new PlanDocuments(core));
  const documents = store.add(new TextDocuments());
  const dashboards = store.add(new DashboardPanels(core, context.extensionUri, dashboardActions));
  const openDashboard = (run: string): void => dashboards.open(run);
  const registry = store.add(new CommandRegistry(logger, () => channel.show()));
  registerLaunchCommands(registry, core, plans, documents, openDashboard, logger);
  registerRunCommands(registry, core, plans, openDashboard);
  registerGroupCommands(registry, core);
  registerLogCommands(registry, core);
  const outputs = store.add(new OutputLists(core));
  registerOutputCommands(registry, core, outputs, store.add(new OutputFiles(core)));
  registerTensorBoardCommands(registry, core, outputs, boards);
  registerHostCommands(registry, core);
  registerClusterCommands(registry, core);
  registerForwardCommands(registry, core, store.add(new Forwards(core)));
  registerKeyCommands(registry, core, documents);
  registerSlurmCommands(registry, core, { problems: onDemand, directories }, openDashboard);
  registerHostfileCommands(registry, looks, onDemand);
  registerImportCommands(registry, core, sshConfigFile);
  registerSecretCommands(registry, core, secrets);
  registerFileCommands(registry, core, state, channel);
  registerEditorCommands(registry);
  store.add(registerTextEditor(hostsEditor(core), context.extensionUri));
  store.add(registerTextEditor(launchEditor(core), context.extensionUri));
  store.add(registerTextEditor(trainingEditor(core), context.extensionUri));

  const summaries = store.add(new RunSummaries(core, logger));
  store.add(new LaunchLenses(core, summaries));
  store.add(new LaunchesView(core, finder));
  store.add(new ClustersView(core, finder, logger));
  store.add(new RunsView(core, summaries, outputs));
  store.add(new StatusBar(core, summaries));
  const transitions = store.add(new RunTransitions(core));
  store.add(new RunLog(transitions, core.runs.all, logger));
  store.add(new RunNotifications(transitions, core.runs.all, summaries, systemClock));
  store.add(new GroupNotifications(core));
  attachWhenTrusted(core, store, logger);
  return store;
}

/** Asking the hosts of unfinished runs means connecting to them: not before the workspace is trusted. */
function attachWhenTrusted(core: Core, store: DisposableStore, logger: Logger): void {
  const attach = (): void => {
    core.runs.attachAll();
    core.groups.resume();
    core.runs
      .endedWhileAway()
      .then(tellEndedWhileAway)
      .catch((error: unknown) => logger.error('what ended meanwhile cannot be told', error))
      .then(() => core.runs.clean())
      .catch((error: unknown) => logger.error('old runs cannot be cleaned', error));
  };
  if (vscode.workspace.isTrusted) attach();
  else store.add(vscode.workspace.onDidGrantWorkspaceTrust(attach));
}

/** How long ended runs are kept. */
function keepRuns(): KeepRuns {
  const settings = vscode.workspace.getConfiguration();
  return {
    days: settings.get(settingIds.runsKeepDays, defaultKeepRuns.days),
    count: settings.get(settingIds.runsKeepCount, defaultKeepRuns.count),
  };
}

/** The setting `rankwise.ssh.configFile`; empty means OpenSSH's own files. */
function sshConfigFile(): string | undefined {
  const file = vscode.workspace.getConfiguration().get<string>(settingIds.sshConfigFile, '').trim();
  return file === '' ? undefined : file;
}

/** What the buttons of a dashboard do: the same commands as everywhere, with their error messages. */
const dashboardActions: DashboardActions = {
  stop: (run) => void vscode.commands.executeCommand(commandIds.runStop, { run }),
  showPlan: (run) => void vscode.commands.executeCommand(commandIds.runShowPlan, { run }),
  showLogs: (run, worker) => void vscode.commands.executeCommand(commandIds.runShowLogs, { run, worker }),
  openTerminal: (run, worker) =>
    void vscode.commands.executeCommand(commandIds.hostOpenTerminal, { run, worker }),
};
