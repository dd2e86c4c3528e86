import { describe, expect, it } from 'vitest';
import { hostfileOf, sshConfigHosts, type SshConfigFiles } from '../../../src/imports/sshConfigHosts';
import { checkHostfile } from '../../../src/config/hostfile/checkHostfile';

function filesOf(texts: Record<string, string>): SshConfigFiles {
  return {
    home: '/home/me',
    read: (path) => Promise.resolve(texts[path]),
    list: (directory) =>
      Promise.resolve(
        Object.keys(texts).flatMap((path) => {
          const rest = path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : '';
          return rest === '' ? [] : [rest.split('/')[0]!];
        }),
      ),
  };
}

const main = '/home/me/.ssh/config';
const names = async (texts: Record<string, string>): Promise<string[]> =>
  (await sshConfigHosts(main, filesOf(texts))).map(({ name }) => name);

describe('sshConfigHosts', () => {
  it('reads names, and leaves patterns', async () => {
    const text = `# Host no
Host a b *.example !c "d" e? -oProxyCommand=x # f
  HostName 10.0.0.5
host=g
\tHOST = h\ti
Host *
Match host j
  User me
Hostname k
Host a\r
Host `;
    expect(await names({ [main]: text })).toEqual(['a', 'b', 'd', 'g', 'h', 'i']);
    expect(await sshConfigHosts(main, filesOf({ [main]: text }))).toContainEqual({
      name: 'g',
      file: main,
      line: 3,
    });
  });

  it('follows Include, relative to ~/.ssh, by patterns and in circles', async () => {
    const texts = {
      [main]: 'Include conf.d/*.conf ~/more "/etc/ssh/with blank" nowhere\nHost z\n',
      '/home/me/.ssh/conf.d/2.conf': 'Host two\nInclude config\n',
      '/home/me/.ssh/conf.d/1.conf': 'Host one\n',
      '/home/me/.ssh/conf.d/.hidden.conf': 'Host hidden\n',
      '/home/me/.ssh/conf.d/1.txt': 'Host text\n',
      '/home/me/more': 'Host more one\n',
      '/etc/ssh/with blank': 'Host etc\n',
    };
    expect(await names(texts)).toEqual(['one', 'two', 'more', 'etc', 'z']);
    expect(await names({})).toEqual([]);
  });

  it('stands whatever it reads', async () => {
    for (const unit of ['Host ', '"', '=', 'a b ', 'Include * ', '#', 'Host "a', '*']) {
      const start = performance.now();
      await names({ [main]: unit.repeat(100_000 / unit.length) });
      expect(performance.now() - start, unit).toBeLessThan(2000);
    }
  });

  it('lists a few hundred directories at most, whatever a pattern leads to', async () => {
    let listings = 0;
    const entries = Array.from({ length: 30 }, (_, index) => `d${index}`);
    const text = 'Host before\nInclude */*/*/*\nInclude /*/*/*\nHost behind\n';
    const hosts = await sshConfigHosts(main, {
      home: '/home/me',
      read: (path) => Promise.resolve(path === main ? text : undefined),
      list: () => Promise.resolve(++listings > 0 ? entries : []),
    });
    expect(hosts.map(({ name }) => name)).toEqual(['before', 'behind']);
    expect(listings).toBe(200);
  });

  it('writes a hostfile that has no finding', () => {
    const text = hostfileOf([
      { name: 'a', slots: 4 },
      { name: 'b', slots: 2 },
    ]);
    expect(text).toBe('a slots=4\nb slots=2\n');
    expect(checkHostfile(text, { launchers: ['mpirun', 'horovodrun', 'deepspeed', 'ssh'] })).toEqual([]);
    expect(hostfileOf([{ name: 'a' }])).toBe('a\n');
  });
});
