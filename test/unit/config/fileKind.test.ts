import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/config/checkFile';

describe('the kind of a script', () => {
  it.each([
    ['directives first', '#!/bin/bash\n#SBATCH -N 2\nsrun x\n'],
    ['directives too late', '#!/bin/bash\nset -e\n#SBATCH -N 2\nsrun x\n'],
    ['no first line', '#SBATCH -N 2\nsrun x\n'],
    ['Python', '#!/usr/bin/env python3\n#SBATCH -N 2\nimport os\n'],
  ])('is sbatch with %s', (_, text) => {
    expect(kindOf('job.sh', text)).toBe('sbatch');
  });

  it.each([
    ['a here-document', 'for n in 1 2; do\ncat <<EOF > job\n#!/bin/bash\n#SBATCH -N $n\nEOF\ndone\n'],
    ['a here-document for sbatch', '#!/bin/bash\nsbatch <<EOT\n#!/bin/bash\n#SBATCH -N 2\nEOT\n'],
    ['quotes', '#!/bin/bash\necho "#!/bin/bash\n#SBATCH -N 2\nsrun x" > job\n'],
    ['Python', '#!/usr/bin/env python3\ntext = f"""#!/bin/bash\n#SBATCH -N {n}\nsrun x"""\n'],
  ])('is none where the directives are those of a script written by %s', (_, text) => {
    expect(kindOf('submit.sh', text)).toBeUndefined();
  });
});

describe('the kind of JSON', () => {
  const text = (more: object): string =>
    JSON.stringify({ lr: 0.1, epochs: 2, batch_size: 4, num_workers: 4, ...more });

  it.each([{}, { nodes: 2, gpus: 2 }, { gpus: '2' }, { use_gpu: 'yes' }, { lr: '0.1' }])(
    'is training with %j',
    (more) => {
      expect(kindOf('config.json', text(more))).toBe('training');
    },
  );

  it.each([{ gpus: [0, 1] }, { gpus: '0,1' }, { gpus: -1 }, { num_workers: 0 }, { lr: { start: 1 } }])(
    'is that of another program with %j',
    (more) => {
      expect(kindOf('config.json', text(more))).toBeUndefined();
    },
  );
});
