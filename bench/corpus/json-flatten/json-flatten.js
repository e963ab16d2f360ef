// Flattens nested settings into dotted keys for the diff view.

// sigil: improve
export function flatten(value, prefix = '') {
  if (value === null || typeof value !== 'object') {
    return { [prefix]: value };
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return { [prefix]: '[]' };
    return value.reduce((all, item, i) => ({ ...all, ...flatten(item, prefix + '[' + i + ']') }), {});
  }
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return { [prefix]: '{}' };
  return keys.reduce((all, key) => {
    const name = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
    return { ...all, ...flatten(value[key], prefix === '' ? name : `${prefix}.${name}`) };
  }, {});
}
