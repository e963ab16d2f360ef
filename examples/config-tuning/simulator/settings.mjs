// Reads settings.ini: `[section]`, `name = number`, comments with ; or #. Throws an Error that names the line.

const KNOWN = {
  'cache.entries': { whole: true, least: 0, most: 1e7 },
  'queue.length': { whole: true, least: 1, most: 1e6 },
  'workers.count': { whole: true, least: 1, most: 1000 },
  'workers.batch': { whole: true, least: 1, most: 64 },
  'workers.linger': { whole: false, least: 0, most: 1e5 },
};

export function readSettings(text) {
  const settings = {};
  let section = '';
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || /^[;#]/.test(line)) return;
    const head = /^\[(\w+)\]$/.exec(line);
    if (head) {
      section = head[1];
      return;
    }
    const [, name, value] = /^(\w+)\s*=\s*(\S+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`line ${i + 1}: "${line}" is no setting`);
    const key = `${section}.${name}`;
    const limits = KNOWN[key];
    if (limits === undefined) throw new Error(`line ${i + 1}: there is no setting ${key}`);
    const number = Number(value);
    if (!Number.isFinite(number) || number < limits.least || number > limits.most || (limits.whole && !Number.isInteger(number)))
      throw new Error(`line ${i + 1}: ${key} must be a ${limits.whole ? 'whole ' : ''}number from ${limits.least} to ${limits.most}, not ${value}`);
    settings[key] = number;
  });
  const missing = Object.keys(KNOWN).find((key) => !(key in settings));
  if (missing !== undefined) throw new Error(`${missing} is missing`);
  return settings;
}
