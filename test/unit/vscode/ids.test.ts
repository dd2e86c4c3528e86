import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  commandIds,
  contextKeys,
  editorIds,
  languageIds,
  rowContexts,
  settingIds,
  viewContainerId,
  viewIds,
  walkthroughId,
} from '../../../src/vscode/ids';

const clause = z.object({ command: z.string().optional(), when: z.string().optional() });
const manifest = z
  .object({
    contributes: z.object({
      commands: z.array(
        z.object({ command: z.string(), category: z.string(), enablement: z.string().optional() }),
      ),
      menus: z.record(z.string(), z.array(clause)),
      viewsContainers: z.object({ activitybar: z.array(z.object({ id: z.string() })) }),
      views: z.record(z.string(), z.array(z.object({ id: z.string() }))),
      viewsWelcome: z.array(z.object({ view: z.string(), when: z.string(), contents: z.string() })),
      languages: z.array(z.object({ id: z.string() })),
      customEditors: z.array(z.object({ viewType: z.string(), priority: z.literal('option') })),
      configuration: z.object({ properties: z.record(z.string(), z.unknown()) }),
      walkthroughs: z.array(
        z.object({
          id: z.string(),
          steps: z.array(z.object({ description: z.string(), completionEvents: z.array(z.string()) })),
        }),
      ),
    }),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8'))).contributes;

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const menuItems = Object.values(manifest.menus).flat();
const whenClauses = [
  ...menuItems.map(({ when }) => when ?? ''),
  ...manifest.viewsWelcome.map(({ when }) => when),
  ...manifest.commands.map(({ enablement }) => enablement ?? ''),
  ...manifest.walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents)),
];

describe('ids and package.json', () => {
  it('have the same commands', () => {
    expect(sorted(manifest.commands.map(({ command }) => command))).toEqual(
      sorted(Object.values(commandIds)),
    );
    expect(sorted(manifest.commands.map(({ category }) => category))).toEqual(['Rankwise']);
  });

  it('have the same views, languages, settings and walkthroughs', () => {
    expect(manifest.viewsContainers.activitybar.map(({ id }) => id)).toEqual([viewContainerId]);
    expect(sorted(Object.values(manifest.views).flatMap((views) => views.map(({ id }) => id)))).toEqual(
      sorted(Object.values(viewIds)),
    );
    expect(sorted(manifest.viewsWelcome.map(({ view }) => view))).toEqual(sorted(Object.values(viewIds)));
    expect(manifest.customEditors.map(({ viewType }) => viewType)).toEqual(Object.values(editorIds));
    expect(manifest.languages.map(({ id }) => id)).toEqual(Object.values(languageIds));
    expect(Object.keys(manifest.configuration.properties)).toEqual(Object.values(settingIds));
    expect(manifest.walkthroughs.map(({ id }) => id)).toEqual([walkthroughId]);
  });

  it('mention only commands that exist', () => {
    const known = new Set<string>(Object.values(commandIds));
    const texts = [
      ...menuItems.flatMap(({ command }) => command ?? []),
      ...whenClauses.flatMap((when) => [...when.matchAll(/onCommand:(\S+)/g)].map(([, id]) => id ?? '')),
      ...[
        ...manifest.viewsWelcome.map(({ contents }) => contents),
        ...manifest.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
      ].flatMap((text) => [...text.matchAll(/command:(rankwise[\w.]+)/g)].map(([, id]) => id ?? '')),
    ];
    expect(texts.filter((id) => !known.has(id))).toEqual([]);
  });

  it('have the same context keys in when clauses', () => {
    const keys = whenClauses
      .map((when) =>
        when
          .replace(/(view|activeWebviewPanelId|activeCustomEditorId|resourceFilename) [!=]= \S+/g, '')
          .replace(/onCommand:\S+/g, ''),
      )
      .flatMap((when) => when.match(/rankwise\.\w+/g) ?? []);
    expect(sorted(keys)).toEqual(sorted(Object.values(contextKeys)));
  });

  it('have the same row contexts in when clauses', () => {
    const expressions = whenClauses.flatMap((when) =>
      [...when.matchAll(/viewItem (==|=~) (\S+)/g)].map(([, operator, value]) => ({
        operator,
        value: value ?? '',
      })),
    );
    const matches = (row: string): boolean =>
      expressions.some(({ operator, value }) =>
        operator === '==' ? row === value : new RegExp(value.slice(1, -1)).test(row),
      );
    const rows: string[] = Object.values(rowContexts);
    expect(rows.filter((row) => !matches(row))).toEqual([]);
    expect(expressions.filter(({ operator, value }) => operator === '==' && !rows.includes(value))).toEqual(
      [],
    );
  });

  it('are namespaced by noun and verb', () => {
    for (const id of Object.values(commandIds)) expect(id).toMatch(/^rankwise\.[a-z]+\.[a-zA-Z]+$/);
  });
});
