// Formats rows as an aligned Markdown table.

const isNumber = (text) => /^-?\d+(\.\d+)?$/.test(text);

function cellText(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(2);
  return String(value).replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

// sigil: improve
export function formatTable(records, options) {
  if (records.length === 0) return '';
  let columns = [];
  for (const record of records) {
    for (const key of Object.keys(record)) {
      if (!columns.includes(key)) columns = columns.concat([key]);
    }
  }
  if (options.hide) columns = columns.filter((c) => !options.hide.includes(c));

  const lines = [];
  const width = (column) => Math.max(3, column.length, ...records.map((r) => cellText(r[column]).length));
  const rightAligned = (column) => records.every((r) => cellText(r[column]) === '' || isNumber(cellText(r[column])));

  lines.push('| ' + columns.map((c) => c.padEnd(width(c))).join(' | ') + ' |');
  lines.push('| ' + columns.map((c) => (rightAligned(c) ? '-'.repeat(width(c) - 1) + ':' : '-'.repeat(width(c)))).join(' | ') + ' |');
  for (const record of records) {
    const cells = columns.map((c) => {
      const text = cellText(record[c]);
      return rightAligned(c) ? text.padStart(width(c)) : text.padEnd(width(c));
    });
    lines.push('| ' + cells.join(' | ') + ' |');
  }
  return lines.join('\n') + '\n';
}
