// The lookup service as a simulation: a cache in front of a queue, and workers that fetch what is not in the cache in batches.

/** What a worker needs for a batch, ms: a round trip to the database, and some work for each request. */
const ROUND_TRIP = 30;
const PER_REQUEST = 5;

/** $ an hour. */
const WORKER = 0.35;
const CACHE_ENTRY = 0.0004;
/** $ for a million requests and one millisecond that each of them takes. */
const MILLISECOND = 0.02;

/** The most recently used keys. */
class Cache {
  #keys = new Set();
  #capacity;

  constructor(capacity) {
    this.#capacity = capacity;
  }

  /** Whether the key is there; it is then the most recent one. */
  has(key) {
    if (!this.#keys.delete(key)) return false;
    this.#keys.add(key);
    return true;
  }

  add(key) {
    this.#keys.delete(key);
    if (this.#capacity > 0 && this.#keys.size >= this.#capacity) this.#keys.delete(this.#keys.values().next().value);
    if (this.#capacity > 0) this.#keys.add(key);
  }
}

/**
 * Lets the requests pass through a service with these settings.
 * Returns cost ($ an hour), dropped (the share of requests without an answer), hits (the share answered by the cache) and
 * latency (ms, the mean of those answered).
 */
export function simulate(requests, settings) {
  const cache = new Cache(settings['cache.entries']);
  const queue = [];
  const freeAt = new Array(settings['workers.count']).fill(0);
  const fetched = []; // { at, keys }: what will be in the cache from then on
  let hits = 0;
  let dropped = 0;
  let waited = 0;

  /** Starts all batches that start before `now`. */
  const work = (now) => {
    while (queue.length > 0) {
      const worker = freeAt.indexOf(Math.min(...freeAt));
      const full = queue.length >= settings['workers.batch'] ? queue[settings['workers.batch'] - 1].at : Infinity;
      const start = Math.max(freeAt[worker], Math.min(full, queue[0].at + settings['workers.linger']));
      if (start > now) return;
      const batch = queue.splice(0, settings['workers.batch']);
      const end = start + ROUND_TRIP + PER_REQUEST * batch.length;
      freeAt[worker] = end;
      for (const r of batch) waited += end - r.at;
      fetched.push({ at: end, keys: batch.map((r) => r.key) });
    }
  };

  for (const request of requests) {
    work(request.at);
    for (let i = 0; i < fetched.length;) {
      if (fetched[i].at > request.at) i++;
      else for (const key of fetched.splice(i, 1)[0].keys) cache.add(key);
    }
    if (cache.has(request.key)) {
      hits++;
      waited += 1;
    } else if (queue.length >= settings['queue.length']) dropped++;
    else queue.push(request);
  }
  work(Infinity);

  const hours = (requests.at(-1)?.at ?? 0) / 3600e3;
  const answered = requests.length - dropped;
  const latency = answered === 0 ? 0 : waited / answered;
  const millionsAnHour = hours === 0 ? 0 : answered / 1e6 / hours;
  return {
    cost: settings['workers.count'] * WORKER + settings['cache.entries'] * CACHE_ENTRY + latency * MILLISECOND * millionsAnHour,
    dropped: requests.length === 0 ? 0 : dropped / requests.length,
    hits: requests.length === 0 ? 0 : hits / requests.length,
    latency,
  };
}
