import { lastOfEach, LaunchDraft } from '../launchDraft';
import { splitOptions, type Arity, type OptionWords } from '../optionWords';
import type { ShellWord } from '../shellText';

/** Options of mpirun 4.1 with one value, and those of MPICH and Intel MPI that name hosts. */
const VALUES = new Set(
  `am app bind-to c np n N cf cartofile cpu-list cpu-set cpus-per-proc cpus-per-rank debugger default-hostfile H host hnp
  hostfile machinefile f hosts ppn perhost launch-agent map-by max-restarts max-vm-size npernode npersocket ompi-server
  output-filename path personality ppr prefix preload-files rank-by rf rankfile report-events report-uri
  report-state-on-timeout stdin timeout tune wd wdir x xml-file xterm`.split(/\s+/),
);
const FLAGS = new Set(
  `allow-run-as-root bind-to-core bind-to-socket bycore bynode byslot continuous d debug-devel debug debug-daemons
  debug-daemons-file disable-recovery display-allocation display-devel-allocation display-devel-map
  display-diffable-map display-map display-topo do-not-launch do-not-resolve dvm enable-instant-on-support
  enable-recovery fwd-mpirun-port get-stack-traces index-argv-by-rank leave-session-attached merge-stderr-to-stdout
  nolocal nooversubscribe noprefix novm output-proctable oversubscribe pernode q quiet report-bindings
  report-child-jobs-separately report-pid s preload-binary set-cwd-to-session-dir show-progress tag-output
  timestamp-output tv use-hwthread-cpus use-regexp v verbose xml`.split(/\s+/),
);
const PAIRS = new Set(['mca', 'gmca', 'omca', 'pmca', 'genv', 'env']);

const arity: Arity = (name) => (PAIRS.has(name) ? 2 : VALUES.has(name) ? 1 : FLAGS.has(name) ? 0 : undefined);

const ONCE = 'np n c|hostfile machinefile default-hostfile f|bind-to|map-by|wd wdir';

/** `mpirun`, `mpiexec`, `orterun`. */
export function readMpirun(words: readonly ShellWord[]): LaunchDraft | string {
  const draft = new LaunchDraft('mpirun');
  if (words.some(({ source }) => source === ':')) return 'one mpirun with several programs has no launch';
  const { options, rest } = splitOptions(words, arity);
  const mca = Object.create(null) as Record<string, string>;
  const passed: string[] = [];
  for (const option of lastOfEach(draft, options, ONCE)) {
    if (option.name === 'mca') parameter(draft, option, mca);
    else if (option.name === 'x') exported(draft, option, passed);
    else known(draft, option);
  }
  draft.own['mca'] = mca;
  draft.own['x'] = passed;
  draft.command = rest;
  return draft;
}

function known(draft: LaunchDraft, option: OptionWords): void {
  switch (option.name) {
    case 'np':
    case 'n':
    case 'c':
      draft.np = draft.whole(option, 1) ?? draft.np;
      break;
    case 'hostfile':
    case 'machinefile':
    case 'default-hostfile':
    case 'f':
      draft.setHostfile(option);
      break;
    case 'H':
    case 'host':
    case 'hosts':
      draft.hostList(option);
      break;
    case 'bind-to':
      draft.own['bindTo'] = draft.matching(option, /^[A-Za-z0-9][A-Za-z0-9:,_-]*$/, 'it is no binding');
      break;
    case 'map-by':
      draft.own['mapBy'] = draft.matching(option, /^[A-Za-z0-9][A-Za-z0-9:,=_-]*$/, 'it is no mapping');
      break;
    case 'wd':
    case 'wdir':
      draft.workdir = draft.text(option) ?? draft.workdir;
      break;
    case 'genv':
    case 'env':
      variable(draft, option);
      break;
    default:
      if (arity(option.name, 1) === undefined)
        draft.notes.push(`mpirun of Open MPI 4.1 has no ${option.words[0]?.source ?? ''}.`);
      draft.verbatim(option);
  }
}

/** Open MPI refuses a parameter that is given twice. */
function parameter(draft: LaunchDraft, option: OptionWords, mca: Record<string, string>): void {
  const [name, value] = option.values;
  if (name?.text === undefined || value?.text === undefined || !/^(?!__proto__$)\w+$/.test(name.text)) {
    return draft.verbatim(option);
  }
  if (name.text in mca) return draft.drop(option.words, 'the parameter is given twice');
  mca[name.text] = value.text;
}

function variable(draft: LaunchDraft, option: OptionWords): void {
  const [name, value] = option.values;
  if (name?.text === undefined || value === undefined) return draft.verbatim(option);
  draft.assign(name.text, value);
}

/** `-x NAME`, `-x NAME=value`: values stand under `env:`, not in arguments that everybody can read. */
function exported(draft: LaunchDraft, option: OptionWords, passed: string[]): void {
  const [word] = option.values;
  if (word === undefined) return draft.drop(option.words, 'it names no variable');
  // Quotes around all of it go with the value.
  const [, quote = '', name = '', value] = /^(["']?)([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word.source) ?? [];
  if (name === '') return draft.drop(option.words, 'it names no variable');
  if (value === undefined && quote === '') {
    if (!passed.includes(name)) passed.push(name);
    return;
  }
  draft.assign(name, { ...word, source: quote + (value ?? ''), text: word.text?.slice(name.length + 1) });
}
