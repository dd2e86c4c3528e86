import type { WorkerAttributes } from './tagReader';

/** `- (ip=10.0.0.1, pid=878) world_rank=0, local_rank=0, node_rank=0`; older Ray puts a node_id in front. */
const entry =
  /^- \((?:node_id=\w{1,80}, )?ip=([\w.:]{1,64}), pid=(\d{1,10})\) world_rank=(\d{1,7}), local_rank=(\d{1,7}), node_rank=(\d{1,7})/;
/** What a worker of Ray Train says of itself. */
const ownRank =
  /^(?:Setting up process group for: .{0,200}\[rank=(\d{1,7}),|Reporting training result .{0,8000} from rank (\d{1,7})$)/;

const most = 50_000;

/**
 * Which process of Ray has which rank, as Ray's controller prints it. Processes on the driver's host are tagged without
 * an address there: they are told apart by which addresses other tags carry.
 */
export class RayRanks {
  private readonly byProcess = new Map<string, WorkerAttributes>();
  private readonly addressesOfPid = new Map<string, Set<string>>();
  private readonly remote = new Set<string>();
  private driver: string | undefined;

  /** Reads a line of the map. @returns Whether it was one. */
  learn(text: string): boolean {
    const match = text.startsWith('- (') ? entry.exec(text) : null;
    if (match === null) return false;
    const [, address = '', pid = '', rank, localRank, nodeRank] = match;
    if (this.byProcess.size >= most) return true;
    this.byProcess.set(`${address}:${pid}`, {
      rank: Number(rank),
      localRank: Number(localRank),
      nodeRank: Number(nodeRank),
      host: address,
    });
    const addresses = this.addressesOfPid.get(pid) ?? new Set<string>();
    this.addressesOfPid.set(pid, addresses.add(address));
    return true;
  }

  /** Reads what a worker says of its own rank. @returns Whether it is new. */
  learnOwn(text: string, address: string, pid: string): boolean {
    const match = ownRank.exec(text);
    if (match === null || this.of(address, pid) !== undefined || this.byProcess.size >= most) return false;
    const rank = Number(match[1] ?? match[2]);
    this.byProcess.set(`${address}:${pid}`, { rank, ...(address === '' ? {} : { host: address }) });
    return true;
  }

  /** Notes that a tag carried this address: it is not the driver's. */
  sawAddress(address: string): void {
    if (address !== '' && this.remote.size < most) this.remote.add(address);
  }

  /** @param address Empty where the tag has none. */
  of(address: string, pid: string): WorkerAttributes | undefined {
    const direct = this.byProcess.get(`${address}:${pid}`);
    if (direct !== undefined || address !== '') return direct;
    const addresses = [...(this.addressesOfPid.get(pid) ?? [])].filter((one) => !this.remote.has(one));
    const [only] = addresses;
    if (this.driver === undefined && only !== undefined && addresses.length === 1) this.driver = only;
    return this.driver === undefined ? undefined : this.byProcess.get(`${this.driver}:${pid}`);
  }
}
