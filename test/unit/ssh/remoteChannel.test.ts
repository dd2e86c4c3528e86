import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Client, Server, utils, type ClientChannel } from 'ssh2';
import { afterEach, expect, it } from 'vitest';
import { RemoteChannel } from '../../../src/ssh/remoteChannel';

const later: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of later.splice(0)) await step();
});

/** A client whose server ends each command with status 3 at once; a relay holds its answers back and gives them in one piece. */
async function clientOfHastyServer(): Promise<{ client: Client; hold: () => void }> {
  const hostKeys = [utils.generateKeyPairSync('ed25519').private];
  const server = new Server({ hostKeys }, (peer) => {
    peer.on('error', () => undefined);
    peer.on('authentication', (context) => context.accept());
    peer.on('session', (accept) =>
      accept().on('exec', (acceptCommand) => {
        const stream = acceptCommand();
        stream.exit(3);
        stream.end();
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let held: Buffer[] | undefined;
  const relay = createServer((near) => {
    const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    near.pipe(far);
    far.on('data', (data) => {
      if (held === undefined) return void near.write(data);
      held.push(data);
      setTimeout(() => near.write(Buffer.concat(held?.splice(0) ?? [])), 100);
    });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const client = new Client();
  const { port } = relay.address() as AddressInfo;
  client.connect({ host: '127.0.0.1', port, username: 'x', readyTimeout: 60_000 });
  await once(client, 'ready');
  later.push(
    () => client.end(),
    () => relay.close(),
    () => server.close(),
  );
  return { client, hold: () => (held = []) };
}

it('knows the status of a command that ended before anybody listened', async () => {
  const { client, hold } = await clientOfHastyServer();
  hold();
  const raw = await new Promise<ClientChannel>((resolve, reject) =>
    client.exec('true', (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
  );
  const channel = new RemoteChannel(raw);
  channel.stdout.resume();
  expect(await channel.ended).toEqual({ code: 3, signal: undefined, lost: false });
});
