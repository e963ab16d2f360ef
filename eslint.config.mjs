// Lint rules, and the import rules of ARCHITECTURE.md that project references cannot express.
import js from '@eslint/js';
import ts from 'typescript-eslint';

const room = (name, patterns, message) => ({
  files: [`src/${name}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
});

export default ts.config(
  { ignores: ['dist/', 'no-vscode.d.ts', '**/*.cjs', '.tsbuild/', '.tools/', 'node_modules/', 'examples/', 'test/fixtures/', 'bench/corpus/', 'bench/out/'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs', 'test/vscode/*.mjs'] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  room('core', ['node:*', '../protocol/*', '../engine/*', '../adapters/*', '../cli/*', '**/protocol/**', '**/engine/**', '**/adapters/**', '**/cli/**'], 'core is pure: no Node, no other room'),
  room('protocol', ['node:*', '**/engine/**', '**/adapters/**', '**/cli/**'], 'protocol holds contracts only'),
  room('engine', ['node:fs', 'node:fs/*', 'node:child_process', 'node:os', 'node:path', '**/adapters/**', '**/cli/**'], 'the engine reaches the world through ports'),
  room('adapters', ['**/cli/**', '**/extension/**', 'vscode'], 'nobody imports cli or extension'),
  room('cli', ['**/extension/**', 'vscode'], 'nobody imports extension'),
  room('extension', ['**/cli/**', '**/engine/**', '**/adapters/!(journal)/**', 'web-tree-sitter', 'zod', 'simple-git'], 'the extension reads journals and starts the command; it loads no engine and no parser'),
  { files: ['webview/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['node:*', 'vscode', '**/engine/**', '**/adapters/**', '**/cli/**', '**/extension/**'], message: 'browser code' }] }] } },
  { files: ['src/adapters/**/*.ts'], rules: {} },
  { files: ['test/**/*.ts', 'test/**/*.mts', 'bench/**/*.ts'], rules: {
    '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-unused-expressions': 'off', 'no-console': 'off', 'max-lines': 'off' } },
  { files: ['**/*.mjs'], ...ts.configs.disableTypeChecked },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', Buffer: 'readonly' } }, rules: { ...ts.configs.disableTypeChecked.rules, 'no-console': 'off' } },
);
