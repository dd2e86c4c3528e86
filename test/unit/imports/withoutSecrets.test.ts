import { describe, expect, it } from 'vitest';
import { importCommand } from '../../../src/imports/importCommand';
import { withoutSecrets } from '../../../src/imports/withoutSecrets';

const key = `hf_${'aB3'.repeat(12)}`;

describe('what an import tells of secrets', () => {
  it('is the name alone, in comments of the file and in what it could not keep', () => {
    for (const text of [
      `ray job submit --runtime-env-json '{"env_vars":{"HF_TOKEN":"SECRET"}}' -- python t.py`,
      `ray job submit --runtime-env-json "{\\"env_vars\\": {\\"HF_TOKEN\\": \\"SECRET\\"}}" -- python t.py`,
      `ray job submit --runtime-env-json '{"pip":["${key}"]}' -- python t.py`,
      `ray start --head --redis-password SECRET\npython t.py`,
      `curl -H "Authorization: Bearer SECRET" https://x.org && mpirun -np 2 python t.py`,
      `curl -H 'X-Api-Key: SECRET' https://x.org && mpirun -np 2 python t.py`,
      `curl -u me:SECRET https://x.org && mpirun -np 2 python t.py`,
      `git clone https://me:SECRET@example.org/x.git && mpirun -np 2 python t.py`,
      `git clone https://${key}@example.org/x.git && mpirun -np 2 python t.py`,
      `login --api-key SECRET && mpirun -np 2 python t.py`,
      `login --password='SECRET' && mpirun -np 2 python t.py`,
      `login --token \\\n  SECRET && mpirun -np 2 python t.py`,
      `docker run -e HF_TOKEN=SECRET x && mpirun -np 2 python t.py`,
      `mpirun -np 2 python t.py\nexport HF_TOKEN="SECRET`,
      `export HF_TOKEN=SECRET`,
      `docker run -e HF_TOKEN=SECRET x`,
    ]) {
      for (const value of ['s3cretive', 'p(a,b){c}'].filter(
        (one) => /["']SECRET/.test(text) || /^\w+$/.test(one),
      )) {
        const { launches, dropped } = importCommand(text.replace('SECRET', value));
        const yaml = launches.map(({ launch, cluster }) => `${launch.yaml}${cluster?.yaml ?? ''}`);
        const told = [...yaml, ...dropped, ...launches.flatMap((launch) => launch.dropped)].join('\n');
        expect(told, text).not.toContain(value);
        expect(told, text).not.toContain(key);
        expect(told, text).toContain('…');
      }
    }
  });

  it('keeps all else', () => {
    for (const text of [
      'curl -H "Accept: text/html" https://x.org:8080/a@b',
      'login --token $TOKEN --password "$PASSWORD" --token-file x --api-key',
      'python t.py --max-tokens 512 --max_token 512 --pad_token "<pad>" --use-token true --token -x',
      'docker run -u 1000:1000 -e TOKENIZERS_PARALLELISM=false x: it is started by no launcher',
      'python -u a:b.py; git clone git@host:me/x.git; rsync host:22 b@c:',
    ]) {
      expect(withoutSecrets(text)).toBe(text.replace('a:b.py', 'a:…'));
    }
    expect(withoutSecrets('a --token Z --b https://me:p@h/x?token=Y&c=1: why')).toBe(
      'a --token … --b https://me:…@h/x?token=…&c=1: why',
    );
  });

  it('reads whatever stands there in a moment', () => {
    for (const unit of [
      'a',
      'TOKEN=',
      'TOKEN=/',
      'X_KEY=!',
      'X_KEY="!',
      'a: ',
      '--token ',
      '\\',
      ' ',
      '"',
      '://a:',
      'Bearer ',
      'Authorization: ',
      '-u a:',
      'A_',
      '-----BEGIN PRIVATE KEY-----',
    ]) {
      const start = process.cpuUsage();
      withoutSecrets(unit.repeat(64_000 / unit.length));
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1000, unit).toBeLessThan(300);
    }
  });
});
