import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSshHome, type SshHome } from '../../support/sshHome';

describe('looking a host up', () => {
  let home: SshHome;
  beforeAll(() => {
    home = makeSshHome();
    home.configure(
      'Host *',
      'User me',
      'Host here',
      'HostName 127.0.0.1',
      'Port 2200',
      'Host inside',
      'ProxyJump you@gate:22',
      'Host tunnel',
      'ProxyCommand nc %h %p',
    );
  });
  afterAll(() => home.stop());

  it('gives what the configuration says and the address', async () => {
    const look = await home.pool().lookUp({ host: 'here' });
    expect(look).toEqual({
      hostname: '127.0.0.1',
      user: 'me',
      port: 2200,
      via: undefined,
      address: '127.0.0.1',
      failure: undefined,
    });
  });

  it('leaves a name to the hop that resolves it', async () => {
    expect(await home.pool().lookUp({ host: 'inside' })).toMatchObject({
      hostname: 'inside',
      via: expect.stringContaining('you@gate') as string,
      address: undefined,
      failure: undefined,
    });
    expect((await home.pool().lookUp({ host: 'tunnel' })).via).toBe('ProxyCommand');
  });

  it('says why a name does not resolve', async () => {
    const { address, failure } = await home.pool().lookUp({ host: 'no-such-host.invalid' });
    expect(address).toBeUndefined();
    expect(failure).toMatch(/no-such-host\.invalid/);
  });
});
