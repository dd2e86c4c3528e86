import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import type { Core } from '../../core';
import type { OutputFile } from '../../runs/leaves/listOutputs';
import { commandIds } from '../ids';
import type { OutputLists } from '../outputs/outputLists';
import {
  moreOutputsRow,
  noOutputsRow,
  outputHostRow,
  outputRow,
  outputsRow,
  silentHostRow,
} from '../text/outputText';
import type { Row } from '../text/row';
import { toTreeItem, type TreeNode } from './treeNode';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** Of a host no more files are listed: rows are sent anew with every change of the run. */
const mostRows = 300;

/** What a run has produced, by host; the hosts are asked when it is opened. */
export class OutputsNode implements TreeNode {
  readonly id: string;

  constructor(
    private readonly core: Core,
    private readonly lists: OutputLists,
    readonly run: string,
  ) {
    this.id = outputsNodeId(run);
  }

  item(): vscode.TreeItem {
    return toTreeItem(this.id, outputsRow(this.globs(), this.lists.known(this.run)), Collapsed);
  }

  async children(): Promise<TreeNode[]> {
    const { files, silent } = await this.lists.of(this.run);
    const byHost = new Map<string, OutputFile[]>();
    for (const file of files) byHost.set(file.host, [...(byHost.get(file.host) ?? []), file]);
    const isAlone = this.core.runs.get(this.run)?.plan.hosts.length === 1;
    const found = [...byHost].flatMap(([host, own]) => (isAlone ? this.files(own) : [this.host(host, own)]));
    const failed = silent.map((one) => this.row(`silent:${one.host}`, silentHostRow(one)));
    const nodes = [...found, ...failed];
    return nodes.length > 0 ? nodes : [this.row('none', noOutputsRow(this.globs()))];
  }

  private globs(): readonly string[] {
    return this.core.runs.get(this.run)?.plan.outputs ?? [];
  }

  private host(host: string, files: readonly OutputFile[]): TreeNode {
    const id = `${this.id}:host:${host}`;
    const now = (): OutputFile[] =>
      (this.lists.known(this.run)?.files ?? files).filter((file) => file.host === host);
    return {
      id,
      item: () => toTreeItem(id, outputHostRow(host, now()), Expanded),
      children: () => this.files(now()),
    };
  }

  private files(files: readonly OutputFile[]): TreeNode[] {
    const rows = files.slice(0, mostRows).map((file) => new OutputNode(this.lists, this.run, file));
    const more = files.length - rows.length;
    return more === 0 ? rows : [...rows, this.row(`more:${files[0]?.host ?? ''}`, moreOutputsRow(more))];
  }

  private row(key: string, row: Row): TreeNode {
    const id = `${this.id}:${key}`;
    return { id, item: () => toTreeItem(id, row), children: () => [] };
  }
}

/** A file that a run has produced; a click opens it. */
class OutputNode implements TreeNode {
  readonly id: string;
  readonly host: string;
  readonly path: string;

  constructor(
    private readonly lists: OutputLists,
    readonly run: string,
    private readonly file: OutputFile,
  ) {
    this.host = file.host;
    this.path = file.path;
    this.id = `${outputsNodeId(run)}:file:${file.host}:${file.path}`;
  }

  item(): vscode.TreeItem {
    const known = this.lists.known(this.run)?.files.find((one) => isSame(one, this.file));
    const item = toTreeItem(this.id, outputRow(known ?? this.file, systemClock.now()));
    const { run, host, path } = this;
    item.command = { command: commandIds.outputOpen, title: 'Open', arguments: [{ run, host, path }] };
    return item;
  }

  children(): TreeNode[] {
    return [];
  }
}

function isSame(a: OutputFile, b: OutputFile): boolean {
  return a.host === b.host && a.path === b.path;
}

export function outputsNodeId(run: string): string {
  return `outputs:${run}`;
}
