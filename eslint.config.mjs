import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** The corridor from left to right. A room may import those to its left; anything else is refused. */
const rooms = [
  'base',
  'ssh',
  'config',
  'launch',
  'cluster',
  'runs',
  'metrics',
  'practice',
  'core',
  'text',
  'language',
  'imports',
  'cli',
  'protocol',
  'vscode',
  'app',
  'webview',
];
/** Rooms that know these alone. */
const only = {
  metrics: ['base', 'launch', 'runs'],
  practice: ['base', 'ssh'],
  language: ['base', 'config'],
  imports: ['base', 'ssh', 'config', 'language'],
  protocol: [],
  webview: ['protocol'],
};
/** Rooms to their left that rooms do not know. */
const not = { text: ['practice'], vscode: ['cli'], app: ['cli'] };
const leftOf = (room) =>
  only[room] ?? rooms.slice(0, rooms.indexOf(room)).filter((left) => !not[room]?.includes(left));
const corridor = Object.fromEntries(rooms.map((room) => [room, leftOf(room)]));

/** Rooms that are folders; the others are single files, which the plug-in classifies by category. */
const fileRooms = { core: 'src/core*.ts', app: 'src/{app,extension}.ts' };
const folderRooms = rooms.filter((room) => !(room in fileRooms));
const room = (name) => (name in fileRooms ? { file: { categories: name } } : { element: { type: name } });
const roomName = (end) => `{{${end}.element.type}}{{${end}.file.categories}}`;

const restricted = (paths) => ['error', { paths, patterns: [] }];
const onlyIn = (name, where) => ({ name, message: `${name} belongs to ${where} only.` });
const vscodeOnly = onlyIn('vscode', 'src/vscode, src/app.ts and src/extension.ts');
const ssh2Only = onlyIn('ssh2', 'src/ssh and src/practice');
const toolkitOnly = onlyIn('@vscode/webview-ui-toolkit', 'webview/shared/controls.ts');

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test/fixtures/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './webview/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': folderRooms.map((name) => ({
        type: name,
        pattern: name === 'webview' ? name : `src/${name}`,
        partialMatch: false,
      })),
      'boundaries/files': Object.entries(fileRooms).map(([category, pattern]) => ({ category, pattern })),
      'import/resolver': {
        typescript: { project: ['tsconfig.json', 'webview/tsconfig.json'], noWarnOnMultipleProjects: true },
      },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message: `The corridor: ${roomName('from')} may not import ${roomName('to')} (see CONTRIBUTING).`,
          policies: Object.entries(corridor).map(([name, left]) => ({
            from: room(name),
            allow: [...left, name].map((one) => ({ to: room(one) })),
          })),
        },
      ],
      'boundaries/no-unknown-files': 'error',
      'no-restricted-imports': restricted([vscodeOnly, ssh2Only, toolkitOnly]),
    },
  },
  {
    files: ['src/vscode/**/*.ts', 'src/app.ts', 'src/extension.ts'],
    rules: { 'no-restricted-imports': restricted([ssh2Only, toolkitOnly]) },
  },
  {
    files: ['src/ssh/**/*.ts', 'src/practice/**/*.ts'],
    rules: { 'no-restricted-imports': restricted([vscodeOnly, toolkitOnly]) },
  },
  {
    files: ['webview/shared/controls.ts'],
    rules: { 'no-restricted-imports': restricted([vscodeOnly, ssh2Only]) },
  },
  {
    files: ['src/protocol/**/*.ts', 'webview/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'require'],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text enters by textContent only.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'URL',
          'URLSearchParams',
          'Buffer',
          'fetch',
          'AbortController',
          'AbortSignal',
          'performance',
          'document',
          'window',
          'getComputedStyle',
          'module',
          'require',
          'structuredClone',
          'queueMicrotask',
          'TextDecoder',
          'TextEncoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['vitest.config.ts', 'src/base/text.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
