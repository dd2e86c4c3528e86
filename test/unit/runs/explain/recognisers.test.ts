import { describe, expect, it } from 'vitest';
import type { Evidence, OomEvidence } from '../../../../src/runs/explain/evidence';
import { reasonOf } from '../../../../src/runs/explain/recognisers';

const evidence = (text: string, changes: Partial<Evidence> = {}): Evidence => ({
  code: 1,
  endedAt: 1000,
  host: 'node2',
  lines: text.split('\n').filter((line) => line !== ''),
  wasStopped: false,
  oom: undefined,
  ...changes,
});

/** Lines as the programs print them; each shows one way to fail. */
const CASES: [code: string, what: RegExp, text: string, exit?: number][] = [
  [
    'hostKeyFailed',
    /worker3/,
    'No ED25519 host key is known for worker3 and you have requested strict checking.\nHost key verification failed.\n',
  ],
  ['publicKeyRefused', /trainer@10\.0\.0\.7/, 'trainer@10.0.0.7: Permission denied (publickey,password).'],
  [
    'cudaOutOfMemory',
    /2\.00 GiB/,
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 15.77 GiB',
  ],
  ['cudaOutOfMemory', /GPU/, 'RuntimeError: CUDA error: out of memory'],
  [
    'notEnoughSlots',
    /the 9 processes/,
    'There are not enough slots available in the system to satisfy the 9\nslots that were requested by the application:',
  ],
  [
    'moduleMissing',
    /module horovod \(\/opt\/env\/lib\/python3\.10\)/,
    'Traceback (most recent call last):\n  File "/opt/env/lib/python3.10/runpy.py", line 1\n  File "/home/a/train.py", line 2, in <module>\n    import horovod.torch\nModuleNotFoundError: No module named \'horovod\'',
  ],
  ['moduleMissing', /module torchrun \(\/usr\/bin\/python3\)/, '/usr/bin/python3: No module named torchrun'],
  [
    'importFailed',
    /libcudart\.so\.11/,
    'ImportError: libcudart.so.11.0: cannot open shared object file: No such file or directory',
  ],
  [
    'addressInUse',
    /port 29500/,
    'torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use',
  ],
  ['addressInUse', /a port/, 'OSError: [Errno 98] Address already in use'],
  ['diskFull', /full/, 'OSError: [Errno 28] No space left on device'],
  [
    'busError',
    /\/dev\/shm/,
    "RuntimeError: DataLoader worker (pid 4711) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
  ],
  ['busError', /SIGBUS/, '', 135],
  [
    'collectiveTimeout',
    /ALLREDUCE/,
    '[rank3]:[E ProcessGroupNCCL.cpp:563] [Rank 3] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=118, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600031 milliseconds before timing out.',
  ],
  [
    'abortedAtExit',
    /last step/,
    'Epoch: [1][4/5] Loss 2.3263e+00\nterminate called without an active exception\n./1.sh: line 19:  2612 Aborted',
    134,
  ],
  [
    'noRoute',
    /mpirun/,
    'A process or daemon was unable to complete a TCP connection\nto another process:\n  Local host:    node1\n  Remote host:   node4',
  ],
  [
    'daemonMissing',
    /orted/,
    'bash: line 1: orted: command not found\nORTE was unable to reliably start one or more daemons.',
  ],
  [
    'daemonLost',
    /daemon/,
    'ORTE has lost communication with a remote daemon.\n  HNP daemon   : [[1,0],0] on node node1',
  ],
  [
    'commandNotFound',
    /pyhton/,
    '/home/a/.rankwise/runs/x/node2/0.sh: line 9: pyhton: command not found',
    127,
  ],
  [
    'rankUnknown',
    /without telling which rank/,
    "rankwise: nothing in the environment tells which rank this is\nTraceback (most recent call last):\n  File \"/opt/env/lib/python3.11/site-packages/accelerate/commands/launch.py\", line 785, in simple_launcher\n    raise subprocess.CalledProcessError(returncode=process.returncode, cmd=cmd)\nsubprocess.CalledProcessError: Command '['sh', '/home/a/.rankwise/runs/r/rank.sh']' returned non-zero exit status 1.",
  ],
  ['notExecutable', /\.\/train\.sh/, './0.sh: line 9: ./train.sh: Permission denied', 126],
  ['segmentationFault', /segmentation/, '', 139],
  [
    'connectionRefused',
    /10\.0\.0\.1:29500/,
    '[W socket.cpp:663] [c10d] The client socket has failed to connect to [10.0.0.1]:29500 (errno: 111 - Connection refused).',
  ],
  ['mpiAbort', /rank 2/, 'MPI_ABORT was invoked on rank 2 in communicator MPI_COMM_WORLD'],
  [
    'pythonError',
    /^ValueError: batch size 0$/,
    'Traceback (most recent call last):\n  File "t.py", line 1, in <module>\n    raise ValueError("batch size 0")\nValueError: batch size 0\nmore words',
  ],
];

describe('the reason of a failure', () => {
  it.each(CASES)('%s: %s', (code, what, text, exit = 1) => {
    const reason = reasonOf(evidence(`Epoch 1 loss 0.3\n${text}`, { code: exit }));
    expect(reason?.code).toBe(code);
    expect(reason?.what).toMatch(what);
    expect(reason?.todo).toMatch(/^[A-Z].*\.$/);
  });

  it('is told to need an interpreter where a Python file stands alone', () => {
    const said = (name: string): string | undefined =>
      reasonOf(evidence(`./0.sh: line 9: ${name}: command not found`, { code: 127 }))?.todo;
    expect(said('train.py')).toBe('Write the interpreter before it: `command: python train.py`.');
    expect(said('horovod')).toMatch(/^Install it/);
  });

  it('is told in sentences that end once', () => {
    const said = reasonOf(evidence('Traceback (most recent call last):\nRuntimeError: the batch is empty.'));
    expect(said?.what).toBe('RuntimeError: the batch is empty');
  });

  it('is not made up', () => {
    expect(reasonOf(evidence('Epoch 1 loss 0.3\nout of luck'))).toBeUndefined();
    expect(reasonOf(evidence('all 3 ranks connected, memory: 3 GiB', { code: 3 }))).toBeUndefined();
  });
});

describe('a process that was killed', () => {
  const killed = (oom: OomEvidence | undefined, text = ''): string | undefined =>
    reasonOf(evidence(text, { code: 137, oom }))?.code;
  const record = { at: 998, pid: 4711, isOurs: true, name: 'python3' };

  it('was out of memory where the record of the kernel says so', () => {
    const oom = { killsSinceStart: 1, records: [record] };
    expect(killed(oom)).toBe('outOfMemory');
    expect(reasonOf(evidence('', { code: 137, oom }))?.what).toBe(
      'the kernel of node2 killed python3 (pid 4711) for lack of memory',
    );
    expect(
      reasonOf(evidence('DataLoader worker (pid 4711) is killed by signal: Killed.', { oom }))?.code,
    ).toBe('outOfMemory');
  });

  it('was not where the record is of another time or another account', () => {
    expect(killed({ killsSinceStart: 1, records: [{ ...record, at: 500 }] })).toBe('killed');
    expect(killed({ killsSinceStart: 1, records: [{ ...record, isOurs: false }] })).toBe('killed');
    expect(killed({ killsSinceStart: 0, records: [] })).toBe('killed');
    expect(killed({ killsSinceStart: 0, records: undefined })).toBe('killed');
  });

  it('probably was where only the counter rose, and nobody knows where nothing can be read', () => {
    expect(killed({ killsSinceStart: 2, records: undefined })).toBe('outOfMemoryLikely');
    expect(killed({ killsSinceStart: undefined, records: undefined })).toBe('killedUnknown');
    expect(killed(undefined)).toBe('killedUnknown');
  });
});
