import { describe, expect, it } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import { failureText } from '../../../src/text/failureText';

const refused = (host: string): RankwiseError =>
  new RankwiseError('ssh.refused', `${host} refused the connection`, { host, nextStep: 'Check the port.' });

describe('the text of a failure', () => {
  it('is the whole reason where there is one', () => {
    expect(failureText(refused('node1'))).toEqual({
      text: 'node1 refused the connection. Check the port.',
      details: [],
    });
    expect(failureText('broken')).toEqual({ text: 'broken', details: [] });
  });

  it('names the hosts where there are several, and each reason once in the details', () => {
    const cause = [refused('node1'), refused('node2')];
    expect(failureText(new RankwiseError('cluster.hostsFailed', 'a long paragraph', { cause }))).toEqual({
      text: '2 hosts cannot be used: node1, node2',
      details: cause.map((one) => `${one.message}. Check the port.`),
    });
  });

  it('keeps the message where not every cause names its host', () => {
    const cause = [refused('node1'), new Error('timed out')];
    const { text, details } = failureText(new RankwiseError('cluster.hostsFailed', 'two reasons', { cause }));
    expect(text).toBe('two reasons');
    expect(details).toEqual(['node1 refused the connection. Check the port.', 'timed out']);
  });
});
