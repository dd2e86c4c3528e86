import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { FileKind } from '../../config/checkFile';
import { parseHostfile } from '../../config/hostfile/hostfile';
import { isTooLarge } from '../../config/largestText';
import type { Core } from '../../core';
import type { SshConfigHost } from '../../imports/sshConfigHosts';
import type { HostfileContext, KnownHost } from '../../language/hostfileContext';
import { hostfileLanguage } from '../../language/hostfileLanguage';
import { rankwiseLanguage, type RankwiseContext, type RankwiseSite } from '../../language/rankwiseLanguage';
import { trainingLanguage, type TrainingContext } from '../../language/trainingLanguage';
import { sbatchLanguage, type SbatchContext } from '../../language/sbatchLanguage';
import type { LanguageService } from '../../language/types';
import { configFileName, languageIds } from '../ids';
import type { Secrets } from '../secrets';
import { toVscodeRange } from '../sourceLocation';
import type { FileDiagnostics } from './fileDiagnostics';
import type { FileKinds } from './fileKinds';
import type { HostLooks } from './hostLooks';
import { LanguageFeatures } from './languageFeatures';
import { RankwiseNameProviders } from './rankwiseNameProviders';
import { RecentAnswers } from './recentAnswers';
import { readSshHosts } from './sshHosts';
import { filesBelow } from './filesBelow';

/** What the services are told of, beside the documents. */
export interface LanguageSources {
  core: Core;
  kinds: FileKinds;
  diagnostics: FileDiagnostics;
  looks: HostLooks;
  secrets: Secrets;
  sshConfigFile: () => string | undefined;
}

/** Completion, hover, fixes, outline, folding, formatting and hints for all files of ours. */
export class Languages implements Disposable {
  private readonly store = new DisposableStore();
  private readonly files = new RecentAnswers<string[]>();
  private readonly sshHosts = new RecentAnswers<SshConfigHost[]>();

  constructor(private readonly sources: LanguageSources) {
    const { kinds } = sources;
    this.add(
      'rankwise',
      rankwiseLanguage,
      { pattern: `**/${configFileName}` },
      [' ', ':', '{', '/', '-'],
      (document) => this.rankwiseContext(document),
    );
    const json = [{ language: 'json' }, { language: 'jsonc' }];
    this.add('training', trainingLanguage, json, ['"', ' '], (document): TrainingContext => ({
      use: kinds.knownOf(document).training,
    }));
    this.add(
      'hostfile',
      hostfileLanguage,
      { language: languageIds.hostfile },
      [' ', '@', '='],
      (document) => this.hostfileContext(document),
      (document, position) => this.lookUp(document, position),
    );
    const scripts = [
      { language: languageIds.shellscript },
      { language: 'plaintext' },
      { language: 'python' },
    ];
    this.add(
      'sbatch',
      sbatchLanguage,
      scripts,
      ['-', '=', ' ', ':', ',', '@', '%'],
      (document): SbatchContext => kinds.knownOf(document).sbatch ?? {},
    );
    this.store.add(new RankwiseNameProviders());
  }

  private add<Context>(
    kind: FileKind,
    service: LanguageService<Context>,
    selector: vscode.DocumentSelector,
    triggers: readonly string[],
    contextOf: (document: vscode.TextDocument) => Context | Promise<Context>,
    beforeHover?: (document: vscode.TextDocument, position: vscode.Position) => Promise<void>,
  ): void {
    const { kinds, diagnostics } = this.sources;
    const isOurs = (document: vscode.TextDocument): boolean =>
      !isTooLarge(document.getText()) && kinds.of(document) === kind;
    const problems = (uri: vscode.Uri): readonly vscode.Diagnostic[] => diagnostics.of(uri);
    this.store.add(
      new LanguageFeatures(service, isOurs, contextOf, problems, selector, triggers, beforeHover),
    );
  }

  private async rankwiseContext(document: vscode.TextDocument): Promise<RankwiseContext> {
    const { secrets } = this.sources;
    const folder = dirname(document.uri.fsPath);
    return {
      hosts: await this.hosts(),
      files: await this.files.get(folder, systemClock.now(), () => filesBelow(folder)),
      secrets: secrets.names(),
      variables: Object.keys(process.env),
      sites: this.sites(),
    };
  }

  private async hostfileContext(document: vscode.TextDocument): Promise<HostfileContext> {
    const { looks, kinds } = this.sources;
    const own = parseHostfile(document.getText()).entries.map(({ host }) => host);
    const hosts = [...new Set([...(await this.hosts()), ...own])].map((name): KnownHost => {
      const look = looks.known({ host: name, user: undefined, port: undefined });
      if (look === undefined) return { name };
      const { address, hostname, user, port, via } = look;
      return { name, address: address ?? hostname, user, port, jump: via };
    });
    return { use: kinds.knownOf(document).hostfile, hosts };
  }

  /** Before a hover tells of a host: how it would be reached. */
  private async lookUp(document: vscode.TextDocument, position: vscode.Position): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const entry = parseHostfile(document.getText()).entries.find(({ range }) =>
      toVscodeRange(range).contains(position),
    );
    if (entry === undefined) return;
    // What cannot be found out is not told; the command Resolve Names says why.
    await this.sources.looks.look({ ...entry, user: undefined, port: undefined }).catch(() => undefined);
  }

  /** Names that a person may mean by a host. */
  private async hosts(): Promise<string[]> {
    const { core, sshConfigFile } = this.sources;
    const file = sshConfigFile();
    const found = await this.sshHosts.get(file ?? '', systemClock.now(), () => readSshHosts(file));
    const named = found.map(({ name }) => name);
    const used = (core.config.current?.clusters ?? []).flatMap(({ hosts }) =>
      hosts.map(({ target }) => target.host),
    );
    return [...new Set([...named, ...used])];
  }

  private sites(): Record<string, RankwiseSite> {
    const { core } = this.sources;
    const clusters = (core.config.current?.clusters ?? []).filter(({ slurm }) => slurm !== undefined);
    return Object.fromEntries(
      clusters.map(({ name }) => {
        const { site, view } = core.slurm.status(name);
        const partitions = view?.partitions.map((partition) => partition.name) ?? [];
        const { accounts = [], qos = [], features = [] } = site ?? {};
        return [name, { partitions, accounts, qos, features }];
      }),
    );
  }

  dispose(): void {
    this.store.dispose();
  }
}
