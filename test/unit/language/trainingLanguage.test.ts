import { describe, expect, it } from 'vitest';
import { checkTraining } from '../../../src/config/training/checkTraining';
import { applyEdits } from '../../../src/language/applyEdits';
import { trainingLanguage, type TrainingContext } from '../../../src/language/trainingLanguage';

/** Takes the bar out of a text: where the cursor stands. */
function cursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.replace('|', ''), offset };
}

describe('completions of training configurations', () => {
  const complete = (marked: string, context: TrainingContext = {}): Map<string, string> => {
    const { text, offset } = cursor(marked);
    return new Map(
      trainingLanguage
        .completions(text, offset, context)
        .map(({ label, insert, start, end }) => [label, text.slice(0, start) + insert + text.slice(end)]),
    );
  };

  it.each([
    ['{|}', 'lr', '{"lr": ${1:0.001}}'],
    ['{ "lr": 0.1, | }', 'gpus', '{ "lr": 0.1, "gpus": ${1:4} }'],
    ['{ "lr": 0.1, "|" }', 'gpus', '{ "lr": 0.1, "gpus": ${1:4} }'],
    ['{ "lr": 0.1, "g|" }', 'gpus', '{ "lr": 0.1, "gpus": ${1:4} }'],
    ['{ "lr": 0.1, g| }', 'gpus', '{ "lr": 0.1, "gpus": ${1:4} }'],
    ['{ "lr": 0.1, "g|: 2 }', 'gpus', '{ "lr": 0.1, "gpus": 2 }'],
    ['{ "lr": 0.1, "g|p": 2 }', 'gpus', '{ "lr": 0.1, "gpus": 2 }'],
    ['{ |\n "lr": 0.1 }', 'gpus', '{ "gpus": ${1:4},\n "lr": 0.1 }'],
    ['{ "debug": | }', 'true', '{ "debug": true }'],
    ['{ "debug": fa| }', 'false', '{ "debug": false }'],
    ['{ "use_gpu": tr|ue, "lr": 1 }', 'false', '{ "use_gpu": false, "lr": 1 }'],
    ['{ "nodes": 2, "gpus": 4, "num_workers": 1| }', '8', '{ "nodes": 2, "gpus": 4, "num_workers": 8 }'],
  ])('in %j offers %s', (marked, label, expected) => {
    expect(complete(marked).get(label)).toBe(expected);
  });

  it('offers no key twice, none of the other shape, and nothing in what it does not know', () => {
    const keys = [...complete('{ "num_replicas": 4, | }').keys()];
    expect(keys).toEqual(['batch_size_per_replica', 'num_epochs', 'debug']);
    for (const marked of ['{ "a": { | } }', '[ | ]', '{ "a": | }', '|', '{ "lr": [|] }'])
      expect([marked, ...complete(marked).keys()]).toEqual([marked]);
  });

  it('offers what the launches have', () => {
    const use = { launches: [{ name: 'a', nodes: 3, gpus: 2 }] };
    expect([...complete('{ "nodes": | }', { use }).keys()]).toContain('3');
    expect([...complete('{ "num_replicas": | }', { use }).keys()][0]).toBe('6');
  });
});

describe('hints and hovers of training configurations', () => {
  const workers = '{ "lr": 0.05, "batch_size": 16, "num_workers": 4 }';

  it('shows the total batch and the rate of one worker where the values end', () => {
    const hints = trainingLanguage.inlayHints?.(workers, {}) ?? [];
    expect(hints.map(({ offset, text }) => [workers.slice(0, offset), text])).toEqual([
      ['{ "lr": 0.05', ' = 4 × 0.0125'],
      ['{ "lr": 0.05, "batch_size": 16', ' total 64 samples'],
    ]);
  });

  it.each([
    ['{ "num_replicas": 4, "batch_size_per_replica": 2 }', [' total 8 samples']],
    ['{ "batch_size_per_replica": 2, "debug": true }', [' total 2 samples']],
    ['{ "nodes": 2, "gpus": 4, "batch_size": 2 }', [' total 16 samples']],
    ['{ "batch_size": 2, "lr": 1 }', []],
    ['{ "num_replicas": "4", "batch_size_per_replica": 2 }', []],
    ['{ "num_workers": 1, "lr": 0.1 }', []],
    ['', []],
  ])('says of %s %j', (text, expected) => {
    expect(trainingLanguage.inlayHints?.(text, {}).map((hint) => hint.text)).toEqual(expected);
  });

  it('explains keys and values', () => {
    const hover = (marked: string): string | undefined => {
      const { text, offset } = cursor(marked);
      return trainingLanguage.hover(text, offset, { use: { launches: [{ name: 'a', gpus: 2 }] } })?.markdown;
    };
    expect(hover('{ "num_wo|rkers": 4 }')).toContain('`nodes` × `gpus`');
    expect(hover(workers.replace('16', '1|6'))).toContain('16 × 4 workers = 64');
    expect(hover(workers.replace('0.05', '0.0|5'))).toContain('one alone would have 0.0125');
    expect(hover('{ "gp|us": 4 }')).toContain('Launch `a`: 2');
    expect(hover('{ "model": "re|snet", "lr": 1 }')).toBeUndefined();
    expect(hover('|')).toBeUndefined();
  });
});

describe('fixes of training configurations', () => {
  it.each([
    ['{ "debug": True, "num_replicas": 1 }', '{ "debug": true, "num_replicas": 1 }'],
    ['{ \'debug\': true, "num_replicas": 1 }', '{ "debug": true, "num_replicas": 1 }'],
    ['{ "lr": .5 }', '{ "lr": 0.5 }'],
    ['{ "epochs": 3\n  "lr": 1 }', '{ "epochs": 3,\n  "lr": 1 }'],
    ['{ "epochs": 3 // three\n  "lr": 1 }', '{ "epochs": 3, // three\n  "lr": 1 }'],
    ['{ "epochs": [1, 2,], }', '{ "epochs": [1, 2] }'],
    ['\uFEFF{}', '{}'],
    ['{ "num_replicas": "4", "debug": 1 }', '{ "num_replicas": 4, "debug": true }'],
    ['{ "num_replicas": 4.0, "debug": "no" }', '{ "num_replicas": 4, "debug": false }'],
    ['{\n  "lr": 1,\n  "epochs": 2,\n  "lr": 3\n}', '{\n  "epochs": 2,\n  "lr": 3\n}'],
    ['{ "lr": 1, "epochs": 2, "lr": 3 }', '{ "epochs": 2, "lr": 3 }'],
    ['{ "nodes": 2, "gpus": 4, "num_workers": 6 }', '{ "nodes": 2, "gpus": 4, "num_workers": 8 }'],
    ['{ "gpus": 0, "use_gpu": true }', '{ "gpus": 0, "use_gpu": false }'],
  ])('mend %j', (text, expected) => {
    const edits = checkTraining(text, {}).flatMap(
      (problem) => trainingLanguage.fixes(text, problem, {})[0]?.edits ?? [],
    );
    expect(applyEdits(text, edits)).toBe(expected);
    expect(checkTraining(expected, {})).toEqual([]);
  });

  it('are not offered where nobody can say what was meant', () => {
    for (const text of [
      '{ "num_replicas": "many", "debug": "maybe" }',
      '{ "num_replicas": -1, "debug": {} }',
      '{ "a" }',
    ])
      for (const problem of checkTraining(text, {}))
        expect(trainingLanguage.fixes(text, problem, {})).toEqual([]);
  });
});
