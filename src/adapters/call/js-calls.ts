// The three things that the JavaScript runner does with the pinned function: results, time, calibrate.

import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deepCopy } from './copy.ts';
import { drain, Drained, encode, isIterator } from './encode.ts';
import { Failed, describe, stackTail } from './failed.ts';
import type { Call } from './js-inputs.ts';
import { shapesOf } from './js-shapes.ts';
import { receiverOf, type Callable, type Target } from './js-target.ts';
import * as p from './primordials.ts';
import type { PassTime, Request } from './protocol.ts';

const cpuUsage = process.cpuUsage.bind(process);
const wallNs = process.hrtime.bigint.bind(process.hrtime);
const NumberOf = Number;
const { max, min, floor } = Math;
/** The collector, without a global that the project's code would see. */
const collect = ((): (() => void) => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return gc;
})();
const LOOPS_CAP = 10_000_000;

/** A call that ended with an exception instead of a result. */
class Raised {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

interface Ready {
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/** SHA-256 of an input. Computed before the candidate is loaded. */
export function digest(call: Call, request: Request): string {
  return createHash('sha256').update(encode([call.args, call.receiver], request.limits, false)).digest('hex');
}

/** Promises awaited, iterators drained. */
async function settle(result: object, cap: number): Promise<unknown> {
  let r: unknown = result;
  if (typeof (r as { then?: unknown }).then === 'function') r = await r;
  if (r === null || typeof r !== 'object' || p.isArray(r)) return r;
  const next = r as AsyncIterator<unknown>;
  if (typeof next.next === 'function' && typeof p.getIn(r, p.asyncIteratorKey) === 'function') {
    const items = p.list<unknown>();
    for (;;) {
      const step = await next.next();
      if (step.done === true) return new Drained(items, false);
      if (items.n >= cap) return new Drained(items, true);
      p.add(items, step.value);
    }
  }
  return isIterator(r) ? drain(r, cap) : r;
}

const isLazy = (r: object): boolean => typeof (r as { then?: unknown }).then === 'function' || typeof (r as { next?: unknown }).next === 'function';

/**
 * The timed region: `loops` passes, over the same calls or (`fresh`) over calls of their own. Exceptions are results; lazy results are
 * drained inside it. CPU time is process.cpuUsage: all threads of the process (JIT and collector too), in steps of 1 µs.
 */
async function measure(fn: Callable, rounds: p.List<p.List<Ready>>, loops: number, sink: Record<number, unknown>, cap: number): Promise<PassTime> {
  const fresh = rounds.n > 1;
  const apply = p.call;
  const w0 = wallNs();
  const c0 = cpuUsage();
  for (let l = 0; l < loops; l++) {
    const calls = rounds.at[fresh ? l : 0] as p.List<Ready>;
    for (let i = 0; i < calls.n; i++) {
      const ready = calls.at[i] as Ready;
      let result: unknown;
      try {
        result = apply(fn, ready.self, ready.args);
        if (typeof result === 'object' && result !== null && !p.isArray(result) && isLazy(result)) result = await settle(result, cap);
      } catch (error) {
        result = new Raised(error);
      }
      sink[i] = result;
    }
  }
  const c1 = cpuUsage();
  const w1 = wallNs();
  return { cpuNs: (c1.user + c1.system - c0.user - c0.system) * 1000, wallNs: NumberOf(w1 - w0) };
}

/** One request with its inputs and its function. */
export class Session {
  private left: number;
  private chosen: p.List<number> = p.list();
  private copies = 0;
  private readonly sink = p.create(null) as Record<number, unknown>;
  private readonly request: Request;
  private readonly inputs: readonly Call[];
  private readonly hashes: readonly string[];
  private readonly target: Target;
  private readonly reseed: (seed: number) => void;

  /** `hashes`: of the chosen inputs, in order. `reseed` restarts Math.random. */
  constructor(request: Request, inputs: readonly Call[], hashes: readonly string[], target: Target, reseed: (seed: number) => void) {
    this.request = request;
    this.inputs = inputs;
    this.hashes = hashes;
    this.target = target;
    this.reseed = reseed;
    this.left = request.limits.bytes;
    const n = request.indices?.length ?? inputs.length;
    for (let i = 0; i < n; i++) p.add(this.chosen, request.indices === null ? i : (request.indices[i] as number));
  }

  /** The answer's text from its mode on. Throws Failed. */
  async work(): Promise<string> {
    switch (this.request.mode) {
      case 'results': return this.results();
      case 'time': return this.time();
      case 'calibrate': return this.calibrate();
    }
  }

  private fresh(i: number): Ready & Call {
    const original = this.inputs[i] as Call;
    let copied: Call;
    try {
      copied = deepCopy({ args: original.args, receiver: original.receiver }) as Call;
    } catch (error) {
      throw new Failed('eval', 'copy', `Input ${i} cannot be copied: ${describe(error)}.`, 'Give inputs of plain data, collections and class instances; arrays in place of iterators.', stackTail(error));
    }
    const self = receiverOf(this.target, copied.receiver, this.request.symbol);
    return { args: copied.args, self, receiver: copied.receiver };
  }

  private outcome(result: unknown): string {
    let text = '"ok":true,"value":["cut","size"]';
    if (this.left <= 0) return text;
    if (result instanceof Raised) {
      const e = result.error;
      let type = typeof e;
      let message = '';
      try {
        if (typeof e === 'object' && e !== null) {
          const name: unknown = (e as { name?: unknown }).name;
          type = (typeof name === 'string' ? name : 'object') as typeof type;
          message = p.TextOf((e as { message?: unknown }).message);
        } else message = p.TextOf(e);
      } catch { /* its own methods throw: the type says enough */ }
      text = `"ok":false,"type":${p.quote(type)},"message":${p.quote(message)}`;
    } else text = `"ok":true,"value":${encode(result, this.request.limits, true)}`;
    this.left -= text.length;
    return text;
  }

  private async results(): Promise<string> {
    const { limits } = this.request;
    let out = '';
    for (let n = 0; n < this.chosen.n; n++) {
      const i = this.chosen.at[n] as number;
      const ready = this.fresh(i);
      const parts = [ready.args, ready.receiver];
      const before = encode(parts, limits, false);
      this.reseed(i);
      let result: unknown;
      try {
        result = p.call(this.target.fn, ready.self, ready.args);
        if (typeof result === 'object' && result !== null) result = await settle(result, limits.items);
      } catch (error) {
        result = new Raised(error);
      }
      const text = this.outcome(result);
      const after = encode(parts, limits, false);
      const changed = after === before || this.left <= 0 ? 'null' : after;
      this.left -= changed.length;
      out += `${n > 0 ? ',' : ''}{"index":${i},"input":"${this.hashes[n] as string}",${text},"mutated":${changed}}`;
    }
    return `"mode":"results","inputs":${this.inputs.length},"results":[${out}]`;
  }

  /** How many rounds of copied inputs fit in memory: at most 2000 calls and about 64 MB of encoded arguments. */
  private copiesAtOnce(): number {
    if (this.copies === 0) {
      let size = 1;
      for (let n = 0; n < this.chosen.n; n++) size += encode((this.inputs[this.chosen.at[n] as number] as Call).args, this.request.limits, false).length;
      this.copies = max(1, min(floor(2000 / max(1, this.chosen.n)), floor(16_000_000 / size)));
    }
    return this.copies;
  }

  private async timed(loops: number, mutates: boolean): Promise<PassTime> {
    let cpuNs = 0;
    let wall = 0;
    for (let left = loops; left > 0;) {
      const now = mutates ? min(left, this.copiesAtOnce()) : left;
      const rounds = p.list<p.List<Ready>>();
      for (let r = 0; r < (mutates ? now : 1); r++) {
        const calls = p.list<Ready>();
        for (let n = 0; n < this.chosen.n; n++) p.add(calls, this.fresh(this.chosen.at[n] as number));
        p.add(rounds, calls);
      }
      const t = await measure(this.target.fn, rounds, now, this.sink, this.request.limits.items);
      cpuNs += t.cpuNs;
      wall += t.wallNs;
      left -= now;
    }
    return { cpuNs, wallNs: wall };
  }

  private async warm(ms: number, mutates: boolean): Promise<void> {
    const until = NumberOf(wallNs()) + ms * 1e6;
    do await this.timed(1, mutates);
    while (NumberOf(wallNs()) < until);
  }

  private async time(): Promise<string> {
    const { loops, passes, warmupMs, mutates, verify, warmOn } = this.request.time;
    if (warmOn !== undefined) {
      const timed = this.chosen;
      this.chosen = p.list();
      for (let n = 0; n < warmOn.length; n++) p.add(this.chosen, warmOn[n] as number);
      await this.warm(warmupMs, mutates);
      this.chosen = timed;
      this.copies = 0;
      collect();
    }
    this.reseed(0);
    const cold = await this.timed(1, mutates);
    await this.warm(warmupMs, mutates);
    let out = '';
    for (let i = 0; i < max(3, passes); i++) {
      collect();
      this.reseed(0);
      out += (i > 0 ? ',' : '') + pair(await this.timed(loops, mutates), loops);
    }
    let checked = '';
    for (let n = 0; n < this.chosen.n; n++) {
      const i = this.chosen.at[n] as number;
      let wanted = false;
      for (let v = 0; v < verify.length; v++) wanted ||= verify[v] === i;
      if (wanted) checked += `${checked === '' ? '' : ','}{"index":${i},${this.outcome(this.sink[n])}}`;
    }
    return `"mode":"time","loops":${loops},"cold":${pair(cold, 1)},"passes":[${out}],"verify":[${checked}]`;
  }

  private calls(): readonly Call[] {
    const calls: Call[] = [];
    for (let n = 0; n < this.chosen.n; n++) calls.push(this.inputs[this.chosen.at[n] as number] as Call);
    return calls;
  }

  private async calibrate(): Promise<string> {
    const { targetCpuMs, maxWallMs, warmupMs } = this.request.calibrate;
    const { limits } = this.request;
    let mutates = false;
    for (let n = 0; n < this.chosen.n && !mutates; n++) {
      const ready = this.fresh(this.chosen.at[n] as number);
      const before = encode([ready.args, ready.receiver], limits, false);
      try {
        const result = p.call<unknown, readonly unknown[], unknown>(this.target.fn, ready.self, ready.args);
        if (typeof result === 'object' && result !== null) await settle(result, limits.items);
      } catch { /* exceptions are results */ }
      mutates = encode([ready.args, ready.receiver], limits, false) !== before;
    }
    await this.warm(warmupMs, mutates);
    let loops = 1;
    for (;;) {
      collect();
      const t = await this.timed(loops, mutates);
      if (t.cpuNs >= targetCpuMs * 1e6 || t.wallNs >= maxWallMs * 1e6 || loops >= LOOPS_CAP)
        return `"mode":"calibrate","inputs":${this.inputs.length},"loops":${loops},"mutates":${mutates},"pass":${pair(t, loops)},"runtime":${p.quote(`Node ${process.version.slice(1)}`)},"arguments":${JSON.stringify(shapesOf(this.calls()))}`;
      const more = min(16, max(1.5, (1.2 * targetCpuMs * 1e6) / max(t.cpuNs, 1)), max(1.5, (maxWallMs * 1e6) / max(t.wallNs, 1)));
      loops = min(LOOPS_CAP, floor(loops * more) + 1);
    }
  }
}

function pair(t: PassTime, loops: number): string {
  return `{"cpuNs":${t.cpuNs / loops},"wallNs":${t.wallNs / loops}}`;
}
