import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameSocket } from './frames';
import type { Place } from './options';

const retryMs = 200;
/** A stranger that connects and says nothing is let go. */
const introductionMs = 5000;

/** The ranks of one training, joined by TCP: rank 0 is the middle. */
export interface Group {
  /** The mean over all ranks, the same bytes on each: rank 0 adds in the order of the ranks. @throws Error naming the rank that went away. */
  average(values: Float64Array): Promise<Float64Array>;
  close(): void;
}

/**
 * Waits until all ranks are there. `job` is any text that must be equal on all ranks: a rank of another job, or
 * with other options, is refused.
 * @throws Error naming the ranks that are missing after `timeoutMs`, or why rank 0 refused this one.
 */
export function joinGroup(place: Place, job: string, timeoutMs: number): Promise<Group> {
  return place.rank === 0 ? lead(place, job, timeoutMs) : follow(place, job, timeoutMs);
}

async function lead(place: Place, job: string, timeoutMs: number): Promise<Group> {
  const peers = new Map<number, FrameSocket>();
  let complete = (): void => undefined;
  const all = new Promise<void>((resolve) => (complete = resolve));
  const server = createServer((socket) => {
    void welcome(socket, place, job, peers).then(() => {
      if (peers.size === place.worldSize - 1) complete();
    });
  });
  await listen(server, place);
  if (place.worldSize > 1) await Promise.race([all, delay(timeoutMs, undefined, { ref: false })]);
  server.close();
  const ranks = Array.from({ length: place.worldSize - 1 }, (_, index) => index + 1);
  const missing = ranks.filter((rank) => !peers.has(rank));
  if (missing.length > 0) {
    const why = `rank ${missing.join(', ')} did not join within ${String(timeoutMs / 1000)} s`;
    for (const peer of peers.values()) abandon(peer, why);
    throw new Error(why);
  }
  for (const peer of peers.values()) peer.send('join', Buffer.alloc(0));
  return {
    average: (values) => averageAll(values, peers, ranks),
    close: () => {
      for (const peer of peers.values()) peer.close();
    },
  };
}

/** Lets a rank in, or tells it why not. */
async function welcome(
  socket: Socket,
  place: Place,
  job: string,
  peers: Map<number, FrameSocket>,
): Promise<void> {
  const peer = new FrameSocket(socket);
  const timer = setTimeout(() => peer.destroy(), introductionMs);
  try {
    const { kind, payload } = await peer.receive();
    const [rank = '', theirJob = ''] = payload.toString().split('\n');
    const problem =
      kind !== 'join' || theirJob !== job
        ? 'it belongs to another run or was started with other options'
        : !/^[1-9]\d*$/.test(rank) || Number(rank) >= place.worldSize
          ? `there is no rank ${rank} in a world of ${String(place.worldSize)}`
          : peers.has(Number(rank))
            ? `rank ${rank} has joined already`
            : undefined;
    if (problem === undefined) peers.set(Number(rank), peer);
    else abandon(peer, problem);
  } catch {
    // It went away before it had said who it is; if it was one of ours, it comes again.
  } finally {
    clearTimeout(timer);
  }
}

async function averageAll(
  values: Float64Array,
  peers: ReadonlyMap<number, FrameSocket>,
  ranks: readonly number[],
): Promise<Float64Array> {
  const sum = Float64Array.from(values);
  for (const rank of ranks) {
    const theirs = await receiveValues(peers.get(rank), rank, values.length).catch((error: unknown) => {
      const why = `rank ${String(rank)} went away: ${error instanceof Error ? error.message : String(error)}`;
      for (const peer of peers.values()) abandon(peer, why);
      throw new Error(why);
    });
    for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + (theirs[index] ?? 0);
  }
  for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) / (ranks.length + 1);
  for (const peer of peers.values()) peer.send('data', bytesOf(sum));
  return sum;
}

async function follow(place: Place, job: string, timeoutMs: number): Promise<Group> {
  const start = performance.now();
  const where = `${place.masterAddress}:${String(place.masterPort)}`;
  for (;;) {
    let why: string;
    try {
      const leader = new FrameSocket(await open(place));
      leader.send('join', Buffer.from(`${String(place.rank)}\n${job}`));
      const answer = await receiveInTime(leader, timeoutMs - (performance.now() - start));
      if (answer?.kind === 'join') return follower(leader);
      if (answer?.kind === 'error') throw new Refused(answer.payload.toString());
      leader.destroy();
      why = 'not all ranks have joined';
    } catch (error) {
      if (error instanceof Refused)
        throw new Error(`rank 0 at ${where} refused: ${error.message}`, { cause: error });
      why = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() - start >= timeoutMs) {
      throw new Error(`could not join rank 0 at ${where} within ${String(timeoutMs / 1000)} s: ${why}`);
    }
    await delay(retryMs);
  }
}

class Refused extends Error {}

function follower(leader: FrameSocket): Group {
  return {
    average: async (values) => {
      leader.send('data', bytesOf(values));
      try {
        return await receiveValues(leader, 0, values.length);
      } catch (error) {
        if (error instanceof Refused) throw new Error(`${error.message} (said by rank 0)`, { cause: error });
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`rank 0 went away: ${why}`, { cause: error });
      }
    },
    close: () => leader.close(),
  };
}

/** The frame's numbers. @throws Refused with the other side's reason; Error when nothing will come. */
async function receiveValues(
  from: FrameSocket | undefined,
  rank: number,
  length: number,
): Promise<Float64Array> {
  if (from === undefined) throw new Error('it never joined');
  const { kind, payload } = await from.receive();
  if (kind === 'error') throw new Refused(payload.toString());
  if (kind !== 'data' || payload.length !== length * Float64Array.BYTES_PER_ELEMENT) {
    throw new Error(`rank ${String(rank)} sent something else than ${String(length)} numbers`);
  }
  const values = new Float64Array(length);
  bytesOf(values).set(payload);
  return values;
}

function receiveInTime(
  from: FrameSocket,
  ms: number,
): Promise<Awaited<ReturnType<FrameSocket['receive']>> | undefined> {
  return Promise.race([from.receive(), delay(Math.max(ms, 0), undefined, { ref: false })]);
}

/** All ranks run on machines of one byte order: this is not a format for storage. */
function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function abandon(peer: FrameSocket, why: string): void {
  peer.send('error', Buffer.from(why));
  peer.close();
}

function open(place: Place): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(place.masterPort, place.masterAddress);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Only at the address that the others were given, not at all of this machine's. */
function listen(server: Server, place: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new Error(`cannot listen on ${place.masterAddress}:${String(place.masterPort)}: ${error.message}`),
      );
    });
    server.listen(place.masterPort, place.masterAddress, resolve);
  });
}
