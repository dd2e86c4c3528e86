import * as vscode from 'vscode';
import { describeError } from '../../base/errors';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { count } from '../../text/format';
import { isActive, runTitle } from '../text/runText';
import type { LogOptions } from '../../metrics/logPipeline';
import { WorkerLines } from '../../metrics/workerLines';
import { LinePrefixer } from '../../text/linePrefixer';
import { TailReader } from './tailReader';
import { workerPrefix } from '../../text/workerPrefix';

/** How much of the past is shown at first, over all workers; the rest is in the files. */
const pastBytes = 4 * 1024 * 1024;

/** How one worker is told from the others in a log that many print into. */
export interface TaggedLog {
  /** What the tags call it. */
  key: string;
  options: LogOptions;
}

interface Source {
  worker: string;
  reader: TailReader;
  write: (bytes: Uint8Array) => string;
  flush: () => string;
}

/**
 * A terminal that shows the cached logs of a run and what is added to them. One worker's bytes pass through as they
 * are (colours, progress bars); several are mixed by whole lines with `[rank host]` in front.
 */
export class LogTerminal implements vscode.Pseudoterminal {
  private readonly writeEmitter = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writeEmitter.event;
  private readonly sources: readonly Source[];
  private subscription: { dispose(): void } | undefined;
  /** One look at the files at a time, one more when asked meanwhile: nothing is shown twice or out of order. */
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private closed = false;

  /** @param tagged of the one log of `workers` only the lines of this worker */
  constructor(
    private readonly core: Core,
    private readonly run: RunView,
    workers: readonly string[],
    private readonly tagged?: TaggedLog,
  ) {
    this.sources = workers.map((worker, index) => this.source(worker, index, workers.length > 1));
  }

  open(): void {
    this.subscription = this.core.runs.onDidChange(({ run }) => {
      if (run === this.run.id) this.look();
    });
    this.looking = this.showPast().finally(() => {
      this.looking = undefined;
      this.look();
    });
  }

  close(): void {
    this.closed = true;
    this.subscription?.dispose();
    this.writeEmitter.dispose();
  }

  private source(worker: string, index: number, merged: boolean): Source {
    const reader = new TailReader(this.core.runs.logFile(this.run.id, worker));
    if (merged) {
      const lines = new LinePrefixer(() => {
        const run = this.core.runs.get(this.run.id) ?? this.run;
        const view = run.workers.find(({ id }) => id === worker);
        return workerPrefix(index, view?.rank, worker, view?.node ?? view?.host ?? worker);
      });
      return { worker, reader, write: (bytes) => lines.push(bytes), flush: () => lines.flush() };
    }
    const decoder = new TextDecoder();
    return {
      worker,
      reader,
      write: (bytes) => decoder.decode(bytes, { stream: true }).replace(/\r?\n/g, '\r\n'),
      flush: () => decoder.decode(),
    };
  }

  private async showPast(): Promise<void> {
    this.note(`${runTitle(this.run)} on ${this.run.plan.cluster}: ${count(this.sources.length, 'log')}`);
    const share = Math.floor(pastBytes / this.sources.length);
    for (const { worker, reader } of this.sources) {
      try {
        if (this.tagged !== undefined) {
          await this.showTagged(this.tagged, reader);
          continue;
        }
        const skipped = await reader.skipToLast(share);
        if (skipped > 0) {
          this.note(`${worker}: the first ${skipped.toLocaleString('en-US')} bytes are in ${reader.path}`);
        }
      } catch (error) {
        this.note(`cannot read the log of ${worker}: ${describeError(error)}`);
      }
    }
  }

  /** The whole log is read: who is who may stand at its beginning. */
  private async showTagged({ key, options }: TaggedLog, reader: TailReader): Promise<void> {
    const from = Math.max(0, (await reader.size()) - pastBytes);
    if (from > 0) this.note(`lines before byte ${from.toLocaleString('en-US')} are in ${reader.path}`);
    const lines = new WorkerLines(options, key, from);
    const shown = (text: string): string => text.replaceAll('\n', '\r\n');
    for (const source of this.sources) {
      source.write = (bytes) => shown(lines.push(bytes));
      source.flush = () => shown(lines.flush());
    }
  }

  private look(): void {
    if (this.closed) return;
    if (this.looking !== undefined) {
      this.lookAgain = true;
      return;
    }
    this.looking = this.showNew().finally(() => {
      this.looking = undefined;
      if (!this.lookAgain) return;
      this.lookAgain = false;
      this.look();
    });
  }

  private async showNew(): Promise<void> {
    for (const { worker, reader, write } of this.sources) {
      try {
        for await (const { bytes, restarted } of reader.read()) {
          if (this.closed) return;
          if (restarted) this.note(`${worker}: a new log begins`);
          this.write(write(bytes));
        }
      } catch (error) {
        this.note(`cannot read the log of ${worker}: ${describeError(error)}`);
      }
    }
    const run = this.core.runs.get(this.run.id);
    if (run === undefined || isActive(run.state)) return;
    this.finish();
  }

  private finish(): void {
    for (const { flush } of this.sources) this.write(flush());
  }

  private note(text: string): void {
    this.write(`\x1b[2m── ${text} ──\x1b[0m\r\n`);
  }

  private write(text: string): void {
    if (text !== '' && !this.closed) this.writeEmitter.fire(text);
  }
}
