import { until, type Cell } from './cell';

/**
 * Slurm's controller is killed and started again. It writes down what it knows every few seconds: before it is killed,
 * it has done so since the job runs, as a crash may make it forget what came later.
 */
export async function crashController({ lab, id }: Pick<Cell, 'lab' | 'id'>): Promise<void> {
  const onHead = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await lab.exec('head', command, { user: 'root' });
    if (code !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout.trim();
  };
  const before = Number(await onHead('date +%s.%N'));
  const job = await onHead(`sed -n 's/^id=//p' /home/trainer/.rankwise/runs/${id}/head/job`);
  await onHead(`scontrol update JobId=${job} Comment=running`);
  const written = async (): Promise<number> =>
    Number(await onHead('stat -c %.9Y /etc/slurm/state/job_state'));
  await until('the state of the job on disk', async () => (await written()) > before);
  await lab.slurm.killController();
  await lab.slurm.startController();
}
