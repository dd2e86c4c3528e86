import type { Line } from '../lines';
import { RayRanks } from './rayRanks';
import { RayTrials } from './rayTrials';
import {
  mostWorkers,
  noAttributes,
  ownKey,
  type Attributed,
  type TagReader,
  type WorkerAttributes,
} from './tagReader';

/** `(RayTrainWorker pid=878, ip=10.0.0.2) `, without `ip` on the driver's host. */
const tag = /^\(([^()]{1,200}(?:\([^()]{0,200}\))?) pid=(\d{1,10})(?:, ip=([\w.:]{1,64}))?\) ?/;
/** Actors of Ray itself: what they print is the launcher's. */
const control =
  /Controller$|Trainer$|^(?:PlacementGroupCleaner|SplitCoordinator|_QueueActor|autoscaler|raylet|gcs_server)/;
const trainWorker = /^(?:RayTrainWorker|_RayTrainWorker__execute\.\w+)$/;

/** Lines of one process, and characters of all, that wait for its rank or trial; then it is `process/<n>`. */
const mostWaitingLines = 1000;
const mostWaitingCharacters = 4 * 1024 * 1024;

interface Process {
  address: string;
  pid: string;
  /** Undefined while its lines wait. */
  key: string | undefined;
  control: boolean;
  train: boolean;
  waiting: Line[];
}

/**
 * Reads the driver's output of Ray. The worker is the rank where Ray's controller prints which process has which, the
 * trial where Tune's output names its process. Lines that come before wait for it, within bounds.
 */
export class RayTags implements TagReader {
  private readonly processes = new Map<string, Process>();
  private readonly ranks = new RayRanks();
  private readonly trials = new RayTrials();
  private readonly trialOf = new Map<string, string>();
  private readonly known = new Map<string, WorkerAttributes>();
  private unnamed = 0;
  private waitingCharacters = 0;
  private unsettled = false;
  private current: Process | undefined;
  private ownNow = ownKey;

  constructor() {
    this.trials.onProcess = (trial, address, pid) => this.nameTrial(trial, address, pid);
  }

  read(line: Line, emit: Attributed): void {
    if (line.continues) {
      if (this.current === undefined) emit(this.ownNow, line);
      else this.hand(this.current, line, emit);
      return;
    }
    const match = line.text.startsWith('(') ? tag.exec(line.text) : null;
    if (match === null) {
      this.readOwn(line, emit);
      return;
    }
    const [whole, name = '', pid = '', address = ''] = match;
    const process = this.process(name, pid, address);
    const text = line.text.slice(whole.length);
    const own = { ...line, offset: line.offset + whole.length, text };
    this.current = process;
    if (this.ranks.learn(text)) this.unsettled = true;
    else {
      if (process?.train === true && this.ranks.learnOwn(text, address, pid)) this.unsettled = true;
      if (this.unsettled) this.settle(emit);
    }
    if (process === undefined) emit(ownKey, own);
    else this.hand(process, own, emit);
  }

  end(emit: Attributed): void {
    this.settle(emit);
    for (const process of this.processes.values()) {
      if (process.waiting.length > 0) this.giveUp(process, emit);
    }
  }

  attributes(key: string): WorkerAttributes {
    return this.known.get(key) ?? noAttributes;
  }

  private readOwn(line: Line, emit: Attributed): void {
    this.current = undefined;
    if (this.ranks.learn(line.text)) this.unsettled = true;
    else if (this.unsettled) this.settle(emit);
    const found = this.trials.read(line.text);
    const isNew = found !== undefined && !this.known.has(found.key);
    if (found === undefined || (isNew && this.known.size >= mostWorkers)) {
      this.ownNow = ownKey;
      emit(ownKey, line);
      return;
    }
    const { key, header } = found;
    if (isNew) this.known.set(key, key === 'rank/0' ? { rank: 0 } : { trial: key.slice('trial/'.length) });
    this.ownNow = key;
    emit(key, header === undefined ? line : { ...line, text: `${header}\n${line.text}` });
  }

  private process(name: string, pid: string, address: string): Process | undefined {
    const id = `${address}:${pid}`;
    let process = this.processes.get(id);
    if (process === undefined) {
      if (this.processes.size >= mostWorkers) return undefined;
      this.ranks.sawAddress(address);
      const isControl = control.test(name);
      process = {
        address,
        pid,
        key: isControl ? ownKey : undefined,
        control: isControl,
        train: trainWorker.test(name),
        waiting: [],
      };
      this.processes.set(id, process);
    }
    return process;
  }

  private hand(process: Process, line: Line, emit: Attributed): void {
    process.key ??= this.keyOf(process);
    if (process.key !== undefined) {
      emit(process.key, line);
      return;
    }
    process.waiting.push(line);
    this.waitingCharacters += line.text.length;
    const isHopeless = !process.train && !this.trials.namesProcesses;
    const isFull =
      process.waiting.length >= mostWaitingLines || this.waitingCharacters > mostWaitingCharacters;
    if (isHopeless || isFull) this.giveUp(process, emit);
  }

  /** Where rank or trial of the process are known. */
  private keyOf({ address, pid, train }: Process): string | undefined {
    if (!train) {
      const trial = this.trialOf.get(`${address}:${pid}`) ?? this.trialOf.get(`:${pid}`);
      return trial === undefined ? undefined : `trial/${trial}`;
    }
    const attributes = this.ranks.of(address, pid);
    if (attributes?.rank === undefined) return undefined;
    const key = `rank/${attributes.rank}`;
    this.known.set(key, { ...this.known.get(key), ...attributes });
    return key;
  }

  private nameTrial(trial: string, address: string, pid: string): void {
    if (this.trialOf.size >= mostWorkers) return;
    // Without an address where the driver is: a process with one of its own is known by that.
    const id = this.processes.has(`${address}:${pid}`) ? `${address}:${pid}` : `:${pid}`;
    if (this.trialOf.get(id) === trial) return;
    this.trialOf.set(id, trial);
    const process = this.processes.get(id);
    // An actor that is used again works for another trial from here on.
    if (process !== undefined && process.key?.startsWith('process/') !== true) process.key = undefined;
    this.unsettled = true;
  }

  private settle(emit: Attributed): void {
    this.unsettled = false;
    for (const process of this.processes.values()) {
      if (process.control) continue;
      const key = this.keyOf(process);
      if (key === undefined) continue;
      if (process.key?.startsWith('process/') === true) {
        this.known.set(process.key, { ...this.known.get(process.key), ...this.known.get(key) });
        continue;
      }
      process.key = key;
      this.release(process, key, emit);
    }
  }

  private giveUp(process: Process, emit: Attributed): void {
    const key = `process/${this.unnamed++}`;
    this.known.set(key, process.address === '' ? {} : { host: process.address });
    process.key = key;
    this.release(process, key, emit);
  }

  private release(process: Process, key: string, emit: Attributed): void {
    const lines = process.waiting;
    process.waiting = [];
    for (const line of lines) {
      this.waitingCharacters -= line.text.length;
      emit(key, line);
    }
  }
}
