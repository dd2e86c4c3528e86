import { open } from 'node:fs/promises';
import type { Core } from '../core';
import { logsOf } from '../runs/model';
import { LinePrefixer } from '../text/linePrefixer';
import { workerPrefix } from '../text/workerPrefix';
import { News } from './news';
import { say } from './output';
import { isOver } from './runNames';

const LOOK_MS = 200;
const CHUNK_BYTES = 1 << 18;

interface Source {
  offset: number;
  generation: number;
  lines: LinePrefixer;
}

/**
 * Prints the lines of all processes of a run, each behind `[rank host]`, from the first byte on until the run is over;
 * on standard error why it waits and which host does not answer.
 * @param write gets text with line ends as a terminal wants them.
 */
export async function followRun(core: Core, id: string, write: (text: string) => void): Promise<void> {
  const sources = new Map<string, Source>();
  const look = async (): Promise<void> => {
    const run = core.runs.get(id);
    for (const [index, process] of (run === undefined ? [] : logsOf(run)).entries()) {
      const source = sources.get(process) ?? newSource(core, id, process, index);
      sources.set(process, source);
      await readOn(core.runs.logFile(id, process), source, write);
    }
  };
  const news = new News();
  const watch = core.runs.watchQueues();
  try {
    for (;;) {
      const run = core.runs.get(id);
      const over = run === undefined || isOver(run);
      if (!over) for (const line of news.of(run)) say(line);
      await look();
      if (over) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    watch.dispose();
  }
  for (const { lines } of sources.values()) write(lines.flush());
}

function newSource(core: Core, id: string, process: string, index: number): Source {
  const slash = process.lastIndexOf('/');
  const prefix = (): string => {
    const worker = core.runs.get(id)?.workers.find((one) => one.id === process);
    return workerPrefix(
      index,
      worker?.rank,
      process,
      worker?.node ?? worker?.host ?? process.slice(0, slash),
    );
  };
  return { offset: 0, generation: 0, lines: new LinePrefixer(prefix) };
}

async function readOn(path: string, source: Source, write: (text: string) => void): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  try {
    const { size } = await file.stat();
    if (size < source.offset) source.offset = 0;
    const buffer = Buffer.alloc(CHUNK_BYTES);
    while (source.offset < size) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, source.offset);
      if (bytesRead === 0) return;
      source.offset += bytesRead;
      write(source.lines.push(buffer.subarray(0, bytesRead)));
    }
  } finally {
    await file.close();
  }
}
