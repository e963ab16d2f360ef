// Commands, settings, context keys, menus and texts: package.json, package.nls.json and contributions.ts say the same.
// contributions.ts imports VS Code when it runs, so its types are read instead, by the compiler.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { OPTIMIZERS } from '../../../src/core/optimizers/registry.ts';

const root = resolve(import.meta.dirname, '../../..');
const extensionRoom = join(root, 'src/extension');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Menu { readonly command?: string; readonly submenu?: string; readonly when?: string }
interface Property { readonly type: string | readonly string[]; readonly default?: unknown; readonly enum?: readonly string[]; readonly scope?: string }
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly icon?: string; readonly enablement?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
    readonly menus?: Readonly<Record<string, readonly Menu[]>>;
    readonly submenus?: readonly { readonly id: string }[];
    readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
    readonly viewsWelcome?: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly walkthroughs?: readonly { readonly id: string; readonly steps: readonly { readonly id: string; readonly description: string; readonly media: Readonly<Record<string, unknown>>; readonly completionEvents?: readonly string[] }[] }[];
    readonly taskDefinitions: readonly { readonly type: string }[];
  };
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
const { contributes } = manifest;

const source = ts.createSourceFile('contributions.ts', read('src/extension/contributions.ts'), ts.ScriptTarget.Latest, true);

/** The members of an interface of contributions.ts, each with the text of its type. */
function members(name: string): ReadonlyMap<string, string> {
  const found = source.statements.find((s): s is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(s) && s.name.text === name);
  assert.ok(found, `contributions.ts has no interface ${name}`);
  return new Map(found.members.filter(ts.isPropertySignature).map((m) => [ts.isStringLiteral(m.name) ? m.name.text : m.name.getText(), m.type?.getText() ?? '']));
}

/** The text of an exported constant. */
function constant(name: string): string {
  return new RegExp(`export const ${name} = '([^']+)'`).exec(source.text)?.[1] ?? assert.fail(`contributions.ts has no ${name}`);
}

function sources(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts')).map((f) => readFileSync(join(dir, f), 'utf8'));
}

/** Every `when` and `enablement` of package.json. */
function conditions(): readonly string[] {
  const all: (string | undefined)[] = [
    ...Object.values(contributes.menus ?? {}).flat().map((m) => m.when),
    ...(contributes.keybindings ?? []).map((k) => k.when),
    ...(contributes.viewsWelcome ?? []).map((w) => w.when),
    ...Object.values(contributes.views).flat().map((v) => v.when),
    ...contributes.commands.map((c) => c.enablement),
  ];
  return all.filter((x) => x !== undefined);
}

const sorted = (x: Iterable<string>): readonly string[] => [...x].sort();
const commands = contributes.commands.map((c) => c.command);

describe('contributions', () => {
  it('names the same commands as package.json', () => {
    assert.deepEqual(sorted(commands), sorted(members('CommandArguments').keys()));
  });

  it('has each command registered once by the extension', () => {
    const registered = sources(extensionRoom).flatMap((s) => [...s.matchAll(/registerCommand\('(sigil\.[^']+)'/g)].map((m) => m[1] ?? ''));
    assert.deepEqual(sorted(registered.filter((c, i) => registered.indexOf(c) !== i)), [], 'registered twice');
    assert.deepEqual(sorted(registered), sorted(commands));
  });

  it('names the same settings, with types, defaults and choices that agree', () => {
    const settings = members('Settings');
    const properties = Object.entries(contributes.configuration.properties);
    assert.deepEqual(sorted(properties.map(([k]) => k)), sorted([...settings.keys()].map((k) => `sigil.${k}`)));
    for (const [key, property] of properties) {
      const stated = settings.get(key.slice('sigil.'.length)) ?? '';
      const choices = [...stated.matchAll(/'([^']*)'/g)].map((m) => m[1]);
      const type = choices.length > 0 ? 'string' : stated;
      assert.equal([property.type].flat().map((t) => (t === 'integer' ? 'number' : t)).join(' | '), type, key);
      assert.ok(type.split(' | ').includes(property.default === null ? 'null' : typeof property.default), `${key}: default`);
      if (choices.length > 0 || property.enum) {
        assert.deepEqual(property.enum, choices, key);
        assert.ok(choices.includes(property.default as string), `${key}: default`);
      }
      assert.ok(property.scope, `${key} has no scope`);
    }
  });

  it('restricts in untrusted folders only settings that exist', () => {
    for (const key of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations) assert.ok(key in contributes.configuration.properties, key);
  });

  it('reads every setting somewhere', () => {
    const all = sources(extensionRoom).join('\n');
    for (const key of members('Settings').keys()) assert.ok(all.split(`'${key}'`).length > 2, `sigil.${key} is read nowhere`);
  });

  it('uses in conditions only context keys that are typed and set, and sets none in vain', () => {
    const known = members('ContextKeys');
    const views = new Set(Object.values(contributes.views).flat().map((v) => v.id));
    const used = new Set(conditions().flatMap((w) => [...w.replace(/'[^']*'|\/[^/]*\//g, ' ').matchAll(/(?<![\w.:])sigil\.[\w.]+/g)].map((m) => m[0])).filter((k) => !views.has(k)));
    const set = new Set(sources(extensionRoom).flatMap((s) => [...s.matchAll(/setContext\('(sigil\.[^']+)'/g)].map((m) => m[1] ?? '')));
    assert.deepEqual(sorted([...used].filter((k) => !known.has(k))), [], 'not in ContextKeys');
    assert.deepEqual(sorted([...used].filter((k) => !set.has(k))), [], 'never set');
    assert.deepEqual(sorted([...known.keys()].filter((k) => !used.has(k))), [], 'read by nothing');
  });

  it('names in menus, keybindings, welcome views and walkthroughs only commands and views that exist', () => {
    const submenus = new Set((contributes.submenus ?? []).map((s) => s.id));
    const views = new Set(Object.values(contributes.views).flat().map((v) => v.id));
    for (const [menu, items] of Object.entries(contributes.menus ?? {}))
      for (const item of items) assert.ok(item.command === undefined ? submenus.has(item.submenu ?? '') : commands.includes(item.command), `${menu}: ${item.command ?? item.submenu ?? ''}`);
    for (const k of contributes.keybindings ?? []) assert.ok(commands.includes(k.command), k.command);
    const welcomes = contributes.viewsWelcome ?? [];
    for (const w of welcomes) assert.ok(views.has(w.view), w.view);
    const steps = (contributes.walkthroughs ?? []).flatMap((w) => w.steps);
    const prose = [...welcomes.map((w) => w.contents), ...steps.map((s) => s.description)].map(text);
    for (const [, command = ''] of prose.join('\n').matchAll(/\(command:(sigil\.[^)?]+)/g)) assert.ok(commands.includes(command), command);
    for (const event of steps.flatMap((s) => s.completionEvents ?? [])) {
      const [, command] = /^onCommand:(sigil\..+)$/.exec(event) ?? [];
      if (command !== undefined) assert.ok(commands.includes(command), event);
    }
    for (const { when } of Object.values(contributes.menus ?? {}).flat()) for (const [, view = ''] of (when ?? '').matchAll(/\bview == '?([\w.]+)'?/g)) assert.ok(views.has(view), `${when ?? ''}: ${view}`);
  });

  it('has walkthrough pictures without styles, which the policy of their page refuses: they would be black', () => {
    const pictures = (contributes.walkthroughs ?? []).flatMap((w) => w.steps).map((s) => String(s.media['svg']));
    assert.ok(pictures.length > 0);
    for (const file of pictures) assert.doesNotMatch(read(file), /<style|style=/, file);
  });

  it('names the view, the task type and the panel as package.json does', () => {
    assert.ok(Object.values(contributes.views).flat().some((v) => v.id === constant('VIEW_RUNS')));
    assert.ok(contributes.taskDefinitions.some((t) => t.type === constant('TASK_TYPE')));
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${constant('PANEL_TYPE')}`));
  });

  it('has a text for each key, and a key for each text', () => {
    const keys = new Set([...read('package.json').matchAll(/"%([^%"]+)%"/g)].map((m) => m[1] ?? ''));
    assert.deepEqual(sorted(keys), sorted(Object.keys(texts)));
  });

  it('offers every search that there is', () => {
    const offered = contributes.configuration.properties['sigil.run.optimizer']?.enum ?? [];
    assert.deepEqual(sorted(offered), sorted(['sigil.yaml', ...OPTIMIZERS.map((o) => o.name)]));
  });

  it('has no plain text where people read', () => {
    for (const c of contributes.commands) assert.match(c.title, /^%.+%$/, c.command);
    for (const w of contributes.viewsWelcome ?? []) assert.match(w.contents, /^%.+%$/);
  });

  it('names files that exist', () => {
    const paths = [manifest.icon, ...[...read('package.json').matchAll(/"((?:media|docs)\/[^"*]+)"/g)].map((m) => m[1] ?? '')];
    for (const path of paths) assert.ok(existsSync(join(root, path)), path);
  });

  it('is compiled against the oldest VS Code that it runs on', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode'] ?? ''}`);
  });
});

function text(s: string): string {
  const [, key] = /^%(.+)%$/.exec(s) ?? [];
  return key === undefined ? s : (texts[key] ?? '');
}
