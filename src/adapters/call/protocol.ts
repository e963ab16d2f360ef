/**
 * What the engine and the call runners (js-runner.ts, python/sigil_runtime/call_runner.py) say to each other.
 *
 * The engine writes a Request as JSON into a private folder and starts `runner REQUEST-PATH`. The runner reads and deletes it, opens
 * the answer file, forgets both path and nonce, and only then loads code of the project. The answer is one JSON document with the
 * nonce, written whole at the end; until then the file holds at most `{"stage":"load"}` or `{"stage":"call"}`. What the process
 * prints and its exit code mean nothing. Once it has answered it ends at once, whatever threads and handlers the candidate left.
 *
 * ## Encoded values
 * Values come as tagged JSON. Scalars stand for themselves: null (None), true, false, numbers, strings (lone surrogates escaped).
 * All else is an array that starts with its tag:
 *
 *     ["undef"]                  JavaScript's undefined          ["hole"]       a hole in an array
 *     ["num", T]                 NaN, Infinity, -Infinity, -0    ["f", n]       a Python float that is integral
 *     ["int", "0x…"]             a Python int beyond 2^53        ["bigint", T]  JavaScript's bigint, decimal
 *     ["bytes", type, base64]    ["val", type, text]  dates, decimals, paths, enums, regular expressions, symbols
 *     ["err", type, message]     an exception as a value         ["opaque", type]  functions and all that cannot be looked into
 *     ["cut", "depth" | "size"]  left out at a cap               ["ref", k]     the k-th container (below) once more
 *     ["seq", type, [v…]]        list, tuple, Array, typed arrays, ndarray (type holds kind and shape)
 *     ["set", type, [v…]]        ["map", type, [k, v, k, v…]]    ["obj", type, [name, v…]]   objects by class name and attributes
 *     ["iter", type, [v…], true?]  a drained iterator; true: cut at the cap
 *
 * Containers (seq, set, map, obj, iter) are numbered in the order in which they open, from 0, for `ref`.
 * Python types follow `==` of the language: Counter is dict, namedtuple is tuple, frozenset is set.
 * Not seen: private fields (#x) of JavaScript classes, symbol keys, what getters on prototypes give.
 */
export type Mode = 'results' | 'time' | 'calibrate';

/** Caps of one encoded value, of drained iterators (`items`), and of the whole answer's results (`bytes`, as characters). */
export interface Limits {
  readonly depth: number;
  readonly nodes: number;
  readonly items: number;
  readonly bytes: number;
}

/** The depth stays where a recursive reader of the answer is safe. */
export const defaultLimits: Limits = { depth: 1000, nodes: 1_000_000, items: 100_000, bytes: 128_000_000 };

/** Where inputs come from: a JSON or JSONL file, or `file:function` of a generator; paths from the project root. */
export type InputSource = { readonly file: string } | { readonly generator: string };

/** Milliseconds. `loops` passes over the inputs are one measured pass; at least three passes are made. */
export interface TimeRequest {
  readonly loops: number;
  readonly passes: number;
  readonly warmupMs: number;
  /** Fresh deep copies of the arguments for each call, made outside the timed region. */
  readonly mutates: boolean;
  /** Inputs whose results in the last pass are returned, so that what was timed can be compared too. */
  readonly verify: readonly number[];
  /** Inputs on which the code is warmed up before `cold` is taken, so that what is new then are the inputs alone. Left out: `cold` is the very first pass. */
  readonly warmOn?: readonly number[];
}

export interface CalibrateRequest {
  readonly targetCpuMs: number;
  /** A pass that waits more than it computes is not made longer than this. */
  readonly maxWallMs: number;
  readonly warmupMs: number;
}

export interface Request {
  readonly v: 1;
  readonly nonce: string;
  /** Path of the answer file as the runner sees it. */
  readonly answer: string;
  readonly mode: Mode;
  /** The checkout, absolute, as the runner sees it. */
  readonly root: string;
  /** The pinned file, from the root. */
  readonly file: string;
  /** `f`, `Class.method`, `Class.prototype.method`. */
  readonly symbol: string;
  readonly inputs: InputSource;
  readonly seed: number;
  /** Which inputs are called, in order; null: all. */
  readonly indices: readonly number[] | null;
  readonly limits: Limits;
  readonly time: TimeRequest;
  readonly calibrate: CalibrateRequest;
}

export type Encoded = null | boolean | number | string | readonly unknown[];

/** What one call gave. Exceptions are results. */
export type Outcome =
  | { readonly ok: true; readonly value: Encoded }
  | { readonly ok: false; readonly type: string; readonly message: string };

export type CallResult = Outcome & {
  readonly index: number;
  /** SHA-256 of the encoded input, taken before the candidate was loaded (unless the generator stands in its file). */
  readonly input: string;
  /** Encoded [args, kwargs, this…] after the call where they differ from before; null where they do not. */
  readonly mutated: Encoded;
};

/** Nanoseconds of one pass over the inputs. */
export interface PassTime {
  readonly cpuNs: number;
  readonly wallNs: number;
}

export interface ResultsAnswer {
  readonly mode: 'results';
  /** How many inputs there are in all. */
  readonly inputs: number;
  /** The generator stands in the pinned file: it ran after the candidate was loaded, so the input hashes must be compared. */
  readonly generatedByCandidate: boolean;
  readonly results: readonly CallResult[];
}

export interface TimeAnswer {
  readonly mode: 'time';
  readonly loops: number;
  /** The first call of each input, before any warm-up but that of `warmOn`. */
  readonly cold: PassTime;
  readonly passes: readonly PassTime[];
  readonly verify: readonly (Outcome & { readonly index: number })[];
}

export interface CalibrateAnswer {
  readonly mode: 'calibrate';
  readonly inputs: number;
  readonly loops: number;
  readonly mutates: boolean;
  readonly pass: PassTime;
  /** What runs the code: `Python 3.11.2`. */
  readonly runtime: string;
  /** What the chosen inputs look like: at most eight arguments. */
  readonly arguments: readonly ArgumentShape[];
}

/** One argument over all inputs. */
export interface ArgumentShape {
  /** Of a keyword argument; empty for a positional one. */
  readonly name: string;
  readonly types: readonly string[];
  /** Types of what it holds, by the first of each. */
  readonly of?: readonly string[];
  /** Least and largest length, where all have one. */
  readonly size?: readonly [number, number];
  /** Least and largest, where all are numbers. */
  readonly range?: readonly [number, number];
}

/** `eval`: the user's inputs or generator; `candidate`: the pinned file; `runner`: a bug of ours. */
export interface FailedAnswer {
  readonly mode: 'failed';
  readonly blame: 'eval' | 'candidate' | 'runner';
  readonly stage: 'inputs' | 'load' | 'find' | 'copy' | 'call';
  readonly message: string;
  readonly remedy: string;
  /** The tail of a traceback. */
  readonly detail: string;
}

export type Answer = ResultsAnswer | TimeAnswer | CalibrateAnswer | FailedAnswer;
