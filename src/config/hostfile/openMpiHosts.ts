import { movedBy, type ReadHost } from './reading';

/** A host as Open MPI keeps it while it reads. */
export interface OpenMpiHost extends ReadHost {
  slots: number;
  /** Whether the file gives the number of slots; else Open MPI counts the cores. */
  given: boolean;
  /** Whether a setting gives it, not the number of lines. */
  counted: boolean;
  maxSlots: number;
  /** The word in the file. */
  written: string;
  /** What is known of the name before the whole file is: nothing can be wrong with it, or it is only cut. */
  name: 'right' | 'cut' | undefined;
}

/** The hosts of a file in the order in which it names them, each once. */
export class OpenMpiHosts {
  private readonly places = new Map<string, number>();
  private readonly hosts: OpenMpiHost[] = [];
  /** What has to be added to the offsets of a host that is still the one remembered with its line; undefined for one of this file. */
  private readonly offsets: (number | undefined)[] = [];

  get size(): number {
    return this.hosts.length;
  }

  get first(): OpenMpiHost | undefined {
    return this.hosts[0];
  }

  placeOf(name: string): number | undefined {
    return this.places.get(name);
  }

  /** @param offset where the line starts that the host is remembered with, in offsets of which it then is */
  add(host: OpenMpiHost, offset?: number): void {
    this.places.set(host.host, this.hosts.length);
    this.hosts.push(host);
    this.offsets.push(offset);
  }

  /** The host of a place, as one that may be changed. */
  own(place: number): OpenMpiHost {
    const host = this.hosts[place];
    if (host === undefined) throw new RangeError(`no host ${place}`);
    const offset = this.offsets[place];
    if (offset === undefined) return host;
    const own = movedBy(host, offset);
    this.hosts[place] = own;
    this.offsets[place] = undefined;
    return own;
  }

  /**
   * Sees those that are meant.
   * @param see gets the host as it is remembered, and what makes it one of this file, with its offsets
   */
  forEachOf(
    isMeant: (host: OpenMpiHost) => boolean,
    see: (host: OpenMpiHost, own: () => OpenMpiHost) => void,
  ): void {
    this.hosts.forEach((host, place) => {
      if (isMeant(host)) see(host, () => this.own(place));
    });
  }

  /** What mpirun is said to make of the file. */
  read(): ReadHost[] {
    return this.hosts.map(({ host, user, port, slots, given, start, end }, place) => {
      const offset = this.offsets[place] ?? 0;
      return { host, user, port, slots: given ? slots : undefined, start: offset + start, end: offset + end };
    });
  }
}
