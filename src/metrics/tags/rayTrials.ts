/** `Trial train_fn_482c7_00000 completed after 3 iterations at …`, and the table under it. */
const block = /^Trial (\S{1,300}) (?:started with|finished iteration|completed after|errored after|result)\b/;
const oldBlock = /^Result for (\S{1,300}):$/;
const training = /^Training (?:finished iteration|completed after) \d{1,9}/;
/** A row of the status table: the trial's name, then its state. */
const row =
  /^[│|] (\S{1,300}) {1,}(?:[|] )?(?:PENDING|RUNNING|TERMINATED|PAUSED|ERROR|TERMINATED|INTERRUPTED)\b/;
const header = /^[│|] Trial name {1,}/;
/** `127.0.0.1:29984` in the column `loc` of the older table, `pid: 29984` and `node_ip: …` in the older result. */
const place = /[ |]([\w.]{1,64}):(\d{1,10}) +\|/;
const pidLine = /^ {2}pid: (\d{1,10})$/;
const addressLine = /^ {2}node_ip: ([\w.:]{1,64})$/;

/** Longest block: metrics of a trial with many of them. */
const mostLines = 500;

/** What a line of the driver belongs to. */
export interface TrialLine {
  /** `trial/<name>`, or `rank/0`: what Ray Train keeps as the result of a training is what rank 0 reported. */
  key: string;
  /** Heading of the table in which the line is a row. */
  header: string | undefined;
}

/** Follows what Ray Tune and Ray Train print on the driver's output: blocks and tables of results. */
export class RayTrials {
  /** Set by lines that name the process of a trial. */
  onProcess: (trial: string, address: string, pid: string) => void = () => undefined;
  /** True once the older output was seen, which names the process of each trial. */
  namesProcesses = false;

  private key: string | undefined;
  private indented = false;
  private lines = 0;
  private header: string | undefined;
  private address = '';
  private pid = '';

  /** @param text A line without tag. */
  read(text: string): TrialLine | undefined {
    const first = text.charAt(0);
    if (this.key !== undefined) return this.within(text, first);
    if (first === 'T') {
      const trial = block.exec(text)?.[1];
      if (trial !== undefined) return this.begin(`trial/${trial}`, false);
      if (training.test(text)) return this.begin('rank/0', false);
    } else if (first === 'R') {
      const trial = oldBlock.exec(text)?.[1];
      if (trial !== undefined) {
        this.namesProcesses = true;
        return this.begin(`trial/${trial}`, true);
      }
    } else if (first === '│' || first === '|') return this.inTable(text);
    else if (text === '== Status ==') this.namesProcesses = true;
    return undefined;
  }

  private begin(key: string, indented: boolean): TrialLine {
    this.key = key;
    this.indented = indented;
    this.lines = 0;
    this.address = '';
    this.pid = '';
    return { key, header: undefined };
  }

  private within(text: string, first: string): TrialLine | undefined {
    const key = this.key ?? '';
    const belongs = this.indented ? text.startsWith('  ') : /[╭│├╰]/.test(first);
    if (!belongs || ++this.lines > mostLines) {
      this.key = undefined;
      return this.read(text);
    }
    if (this.indented) {
      this.learn(text, key);
      if (text.trim() === '') this.key = undefined;
    } else if (first === '╰') this.key = undefined;
    return { key, header: undefined };
  }

  private learn(text: string, key: string): void {
    this.pid = pidLine.exec(text)?.[1] ?? this.pid;
    this.address = addressLine.exec(text)?.[1] ?? this.address;
    if (this.pid === '' || this.address === '') return;
    this.onProcess(key.slice('trial/'.length), this.address, this.pid);
    this.pid = '';
  }

  private inTable(text: string): TrialLine | undefined {
    if (header.test(text)) {
      this.header = text;
      return undefined;
    }
    const trial = row.exec(text)?.[1];
    if (trial === undefined) return undefined;
    const where = place.exec(text);
    if (where !== null) this.onProcess(trial, where[1] ?? '', where[2] ?? '');
    return { key: `trial/${trial}`, header: this.header };
  }
}
