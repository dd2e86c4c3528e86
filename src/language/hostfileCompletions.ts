import type { HostfileContext } from './hostfileContext';
import { hostfileRows } from './hostfileEditsRows';
import { hostfileSetting, hostfileSettings, readersOf, settingDocumentation } from './hostfileSettings';
import type { Completion } from './types';

/** Known hosts where a line begins, behind a host the settings that every reader of the file takes, and their values. */
export function hostfileCompletions(text: string, offset: number, context: HostfileContext): Completion[] {
  const rows = hostfileRows(text);
  const row = rows.find(({ start, next, end }) => offset >= start && (offset < next || offset <= end));
  const start = row?.start ?? text.length;
  const before = text.slice(start, Math.max(start, offset));
  if (row?.kind === 'comment' || /#|\/[/*]/.test(before)) return [];
  const word = /[^\s=]*$/.exec(before)?.[0] ?? '';
  const head = before.slice(0, before.length - word.length);
  const rest = text.slice(offset, row?.end ?? offset);
  const end = offset + (/^[^\s=#]*/.exec(rest)?.[0].length ?? 0);
  if (head.trim() === '') {
    const taken = new Set(rows.flatMap((other) => (other === row ? [] : (other.values.host?.value ?? []))));
    return hosts(taken, offset - word.length + word.lastIndexOf('@') + 1, end, context);
  }
  const key = /(\S+?)\s*=\s*$/.exec(head.slice(-100))?.[1];
  if (key !== undefined) return values(key, row?.values.host?.value, offset - word.length, end, context);
  return settings(
    `${head} ${rest.slice(end - offset)}`,
    offset - word.length,
    end,
    rest.slice(end - offset),
    context,
  );
}

function hosts(
  taken: ReadonlySet<string>,
  start: number,
  end: number,
  { hosts = [] }: HostfileContext,
): Completion[] {
  return hosts
    .filter(({ name }) => !taken.has(name))
    .map(({ name, address, gpus }) => {
      const count = gpus === undefined ? [] : [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`];
      const detail = [...(address === undefined || address === name ? [] : [address]), ...count].join(' · ');
      return { label: name, kind: 'host', insert: name, start, end, ...(detail === '' ? {} : { detail }) };
    });
}

function settings(
  line: string,
  start: number,
  end: number,
  rest: string,
  context: HostfileContext,
): Completion[] {
  const readers = readersOf(context);
  const isKnown = (context.use?.launchers ?? []).length > 0;
  const present = new Set(
    Array.from(line.matchAll(/([a-z_-]{1,20})\s{0,9}=/g), ([, key = '']) => hostfileSetting(key)?.name),
  );
  return hostfileSettings
    .filter(({ name }) => !present.has(name))
    .filter(({ otherwise }) => !isKnown || readers.every((reader) => otherwise[reader] === undefined))
    .map((setting, index) => ({
      label: `${setting.name}=`,
      kind: 'key',
      detail: setting.detail,
      documentation: settingDocumentation(setting, readers),
      insert: /^\s*=/.test(rest) ? setting.name : `${setting.name}=`,
      start,
      end,
      sort: String(index),
    }));
}

function values(
  key: string,
  host: string | undefined,
  start: number,
  end: number,
  { hosts = [], use }: HostfileContext,
): Completion[] {
  const setting = hostfileSetting(key);
  if (setting === undefined || setting.name === 'username') return [];
  const gpus = use?.gpusOf?.get(host ?? '') ?? hosts.find(({ name }) => name === host)?.gpus;
  const numbers =
    setting.name === 'port' ? [22] : [...new Set([...(gpus === undefined ? [] : [gpus]), 1, 2, 4, 8])];
  return numbers.map((number, index) => ({
    label: String(number),
    kind: 'value',
    insert: String(number),
    start,
    end,
    sort: String(index),
    ...(number === gpus ? { detail: 'GPUs of the host' } : {}),
  }));
}
