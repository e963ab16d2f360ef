// `models`: what is set up, a provider's own list, a test call, and setting one up.

import { UserError } from '../../core/errors.ts';
import { isAgent } from '../../adapters/agents/choose.ts';
import { writeEnvKey } from '../../adapters/env-file.ts';
import { priceOf } from '../../adapters/models/prices.ts';
import { endpointOf, keySource, presetOf, PROVIDERS, type Endpoint } from '../../adapters/models/providers.ts';
import { readUserConfig, userConfigPath, writeUserConfig } from '../../adapters/user-config.ts';
import { chooseAgents } from '../agents.ts';
import { cancellable } from '../cancel.ts';
import { tidy } from '../default-model.ts';
import type { Globals } from '../main.ts';
import { endpointOfProvider, keyWords, modelsOf, splitModel, testModel, testWords, type Environment, type Tested } from '../model-setup.ts';
import { BUILTIN } from '../models.ts';
import { projectRoot } from '../project.ts';
import { agreed, canAsk, choose, hidden, question, type Choice } from '../view/ask.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

interface At {
  readonly baseUrl?: string;
}

/** `models`: what is set up, and which providers there are. */
export function showModels(globals: Globals): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const config = readUserConfig();
  const providers = PROVIDERS.map((provider) => {
    const preset = presetOf(provider);
    return { provider, url: preset?.url ?? '', keyVariable: preset?.key ?? null, keyFrom: keySource(provider, root) };
  });
  const set = config.model === null || config.model === BUILTIN ? null : config.model;
  if (globals.json) out.document({ config: userConfigPath(), ...config, keyFrom: set === null ? null : keySource(set.split('/')[0] ?? '', root), providers });
  else {
    if (set === null) out.line('No model is set up: the built-in mutators propose. "sigil models setup" sets one up.');
    else out.line(`${out.paint(set, 'bold')}${config.baseUrl === null ? '' : ` at ${config.baseUrl}`} is set up in ${tidy(userConfigPath())}.`);
    if (config.usdPerDay !== null) out.line(`All runs of a day may spend $${config.usdPerDay}.`);
    out.line();
    printTable(out, [
      { title: 'provider', value: (p: (typeof providers)[number]) => p.provider },
      { title: 'key', value: (p) => (p.keyVariable === null ? 'none needed' : p.keyFrom === null ? `${p.keyVariable} is not set` : `${p.keyVariable} from ${p.keyFrom === '.env' ? '.env' : 'the environment'}`), flexible: true },
      { title: 'address', value: (p) => p.url, optional: true },
    ], providers);
  }
  return Promise.resolve(0);
}

/** `models list PROVIDER`: what it says that it has. */
export function listProvider(globals: Globals, o: At & { readonly all?: boolean }, wanted: string): Promise<number> {
  const out = new Output(globals.json);
  return cancellable(globals, out, async (signal) => {
    const { provider } = splitModel(wanted);
    const endpoint = endpointOfProvider(provider, o.baseUrl ?? null, projectRoot(globals.cwd), process.env);
    const models = (await modelsOf(endpoint, signal, o.all === true)).map((m) => {
      const price = priceOf({ ...endpoint, model: `${provider}/${m.name}`, name: m.name }, {});
      return { model: `${provider}/${m.name}`, ...m, ...(price.known ? { price: { input: price.price.input, output: price.price.output } } : {}) };
    });
    if (globals.json) out.document({ provider, baseUrl: endpoint.baseUrl, models });
    else if (models.length === 0) out.line(`${endpoint.baseUrl} lists no model. A name can be given all the same: ${provider}/NAME.`);
    else {
      printTable(out, [
        { title: 'model', value: (m: (typeof models)[number]) => m.model, flexible: true },
        { title: 'context', value: (m) => (m.context === undefined ? '' : String(m.context)), right: true, optional: true },
        { title: '$ in / out per million', value: (m) => (m.price === undefined ? '' : `${m.price.input} / ${m.price.output}`), right: true, optional: true },
      ], models);
    }
    return 0;
  });
}

/** `models test PROVIDER/NAME`: one real call. */
export function tryModel(globals: Globals, o: At, model: string): Promise<number> {
  const out = new Output(globals.json);
  return cancellable(globals, out, async (signal) => {
    const endpoint = endpointOf(model, o.baseUrl ?? null, projectRoot(globals.cwd));
    const tested = await testModel(endpoint, signal);
    if (globals.json) out.document({ model, baseUrl: endpoint.baseUrl, key: keyWords(endpoint), ...tested });
    else out.line(`${out.paint('✔', 'green')} ${model} ${testWords(tested)} (${keyWords(endpoint)})`);
    return 0;
  });
}

interface SetupOptions extends At {
  /** False with `--no-test`. */
  readonly test: boolean;
  readonly usdPerDay?: number;
}

/** `models setup [PROVIDER/NAME]`: asks for what is not said where there is a terminal, tries it, and keeps it as the default. */
export function setUpModel(globals: Globals, o: SetupOptions, given?: string): Promise<number> {
  const out = new Output(globals.json);
  return cancellable(globals, out, async (signal) => {
    const day = o.usdPerDay === undefined ? {} : { usdPerDay: o.usdPerDay };
    if (given === undefined && o.usdPerDay !== undefined && o.baseUrl === undefined) return kept(out, null, null, writeUserConfig(day));
    const wanted = given ?? (await askProvider(out));
    if (wanted === BUILTIN) return kept(out, null, null, writeUserConfig({ model: BUILTIN, baseUrl: null, ...day }));
    const root = projectRoot(globals.cwd);
    if (chooseAgents(root, [{ name: wanted, weight: 1 }], o.baseUrl ?? null, true).agents.length > 0) return kept(out, null, null, writeUserConfig({ model: wanted, baseUrl: null, ...day }));
    const { provider, name } = splitModel(wanted);
    const own = o.baseUrl ?? (given === undefined ? await askUrl(out, provider) : null);
    const env = await withKey(out, provider, own, root);
    const model = `${provider}/${name === '' ? await askName(out, endpointOfProvider(provider, own, root, env), signal) : name}`;
    const endpoint = endpointOf(model, own, root, env);
    let tested: Tested | null = null;
    if (o.test) {
      if (!out.json) out.line(`Asking ${model} for one word …`);
      tested = await testModel(endpoint, signal);
    }
    // Where an address of the environment is meant, it is looked up again by each run.
    return kept(out, endpoint, tested, writeUserConfig({ model, baseUrl: own === null ? null : endpoint.baseUrl, ...day }));
  });
}

function kept(out: Output, endpoint: Endpoint | null, tested: Tested | null, path: string): number {
  const config = readUserConfig();
  if (out.json) {
    out.document({ config: path, ...config, key: endpoint === null ? null : keyWords(endpoint), test: tested });
    return 0;
  }
  if (tested !== null && endpoint !== null) out.line(`${out.paint('✔', 'green')} ${endpoint.model} ${testWords(tested)} (${keyWords(endpoint)})`);
  if (endpoint !== null) out.line(`${endpoint.model} is the model of runs from now on (${tidy(path)}). --model builtin runs without it; --budget-usd caps what a run may spend.`);
  else if (config.model !== null && isAgent(config.model)) out.line(`${config.model} proposes from now on (${tidy(path)}). --model builtin runs without it.`);
  else if (config.model === null || config.model === BUILTIN) out.line(`The built-in mutators propose from now on (${tidy(path)}).`);
  if (config.usdPerDay !== null) out.line(`All runs of a day may spend $${config.usdPerDay}.`);
  return 0;
}

async function askProvider(out: Output): Promise<string> {
  if (!canAsk(out)) throw new UserError('which model? There is no terminal to ask on', 'Name it: sigil models setup PROVIDER/NAME. "sigil models" lists the providers, "sigil models list PROVIDER" its models.', 2);
  const choices: Choice[] = [{ name: BUILTIN, about: 'no model: the built-in mutators, which need no key' }, ...PROVIDERS.map((p): Choice => ({ name: p, about: presetOf(p)?.key ?? 'a server on this machine' }))];
  return choose(out, 'Who is to propose?', choices);
}

/** A server of one's own that speaks OpenAI's language; Enter for the provider's. Asked only where that is usual. */
async function askUrl(out: Output, provider: string): Promise<string | null> {
  const preset = presetOf(provider);
  if (preset === null || (provider !== 'openai' && preset.key !== null)) return null;
  const answer = await question(out, `Address (Enter: ${preset.url}): `);
  return answer === '' ? null : answer;
}

/** The environment with the key in it, asked for where it is missing. It is set in no environment that a child could inherit. */
async function withKey(out: Output, provider: string, baseUrl: string | null, root: string): Promise<Environment> {
  const variable = presetOf(provider)?.key ?? null;
  if (variable === null || keySource(provider, root) !== null) return process.env;
  // A server on this machine mostly wants none. A wrong address is told before a key is asked for.
  if (endpointOfProvider(provider, baseUrl, root, { ...process.env, [variable]: 'none' }).local) return process.env;
  if (!canAsk(out)) throw new UserError(`${provider} wants a key, and ${variable} is not set`, `Set it in the environment (export ${variable}=…) or in the project's .env. It is never an argument.`, 2);
  const key = await hidden(out, `${variable} (it is not shown): `);
  if (key === '') throw new UserError('no key was given: nothing was changed', `Set ${variable} in the environment, or begin again.`, 2);
  if (/[\s\p{Cc}]/u.test(key)) throw new UserError('that is no key: it has blanks in it', 'Copy it again, whole and alone.', 2);
  if (await agreed(out, `Write it into ${tidy(`${root}/.env`)}, for you alone to read?`)) {
    const { ignored } = await writeEnvKey(root, variable, key);
    out.line(`Written${ignored ? '; .env was added to .gitignore' : ''}.`);
  } else out.line(`It is kept nowhere: set ${variable} in the environment of your runs.`);
  return { ...process.env, [variable]: key };
}

async function askName(out: Output, endpoint: Endpoint, signal: AbortSignal): Promise<string> {
  if (!canAsk(out)) throw new UserError(`which model of ${endpoint.provider}? There is no terminal to ask on`, `Name it: sigil models setup ${endpoint.provider}/NAME. "sigil models list ${endpoint.provider}" shows what there is.`, 2);
  const models = await modelsOf(endpoint, signal, false);
  if (models.length === 0) return question(out, `${endpoint.baseUrl} lists no models. Name: `);
  return choose(out, `The models of ${endpoint.baseUrl}`, models.map((m): Choice => {
    const price = priceOf({ ...endpoint, model: `${endpoint.provider}/${m.name}`, name: m.name }, {});
    return { name: m.name, ...(price.known && price.from !== 'local' ? { about: `$${price.price.input} in, $${price.price.output} out per million tokens` } : {}) };
  }), true);
}
