import { spawn } from 'node:child_process';

/** Longer diffs are cut. */
const MOST_DIFF_BYTES = 256 << 10;
const ANSWER_MS = 10_000;

/** The workspace as git sees it. */
export interface GitState {
  /** Full id. */
  commit: string;
  /** Undefined where no branch is checked out. */
  branch: string | undefined;
  /** Something differs from the commit, or is not known to git. */
  isDirty: boolean;
  /** What tracked files differ in, as `git diff HEAD` shows it. */
  diff: string;
  isDiffCut: boolean;
}

/**
 * The state of the repository a folder is in; undefined where it is in none, has no commit, or git is not installed. Git reads
 * the repository's configuration, which can name programs: only for a trusted folder. Those for hooks, file watching, diffs and
 * text conversion are switched off all the same.
 */
export async function gitState(folder: string): Promise<GitState | undefined> {
  const commit = await git(folder, ['rev-parse', '--verify', 'HEAD']);
  if (commit?.code !== 0) return undefined;
  const [branch, status, diff] = await Promise.all([
    git(folder, ['symbolic-ref', '--short', '-q', 'HEAD']),
    git(folder, ['status', '--porcelain', '--ignore-submodules']),
    git(folder, ['diff', '--no-ext-diff', '--no-textconv', '--ignore-submodules', 'HEAD', '--']),
  ]);
  return {
    commit: commit.text.trim(),
    branch: branch?.code === 0 ? branch.text.trim() : undefined,
    isDirty: (status?.text ?? '') !== '',
    diff: diff?.text ?? '',
    isDiffCut: diff?.isCut ?? false,
  };
}

interface Answer {
  code: number | null;
  text: string;
  isCut: boolean;
}

/** Undefined where git cannot be started. */
function git(folder: string, args: readonly string[]): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const child = spawn('git', ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args], {
      cwd: folder,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ANSWER_MS,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_DIFF_BYTES) child.kill();
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => {
      const text = Buffer.concat(chunks).subarray(0, MOST_DIFF_BYTES).toString('utf8');
      resolve({ code, text, isCut: bytes > MOST_DIFF_BYTES });
    });
  });
}
