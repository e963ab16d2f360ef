// Serial letters: fills {{field}} and {{field|filter}} for every recipient.

const FILTERS = {
  upper: (v) => v.toUpperCase(),
  title: (v) => v.split(' ').map((w) => w.charAt(0).toUpperCase() + w.slice(1).toLowerCase()).join(' '),
  money: (v) => Number(v).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ','),
};

// sigil: improve
export function mailMerge(template, recipients, defaults) {
  const letters = [];
  const problems = [];
  for (const recipient of recipients) {
    const data = JSON.parse(JSON.stringify(defaults));
    Object.assign(data, recipient);
    let letter = template;
    for (const key of Object.keys(data)) {
      letter = letter.replace(new RegExp('\\{\\{\\s*' + key + '\\s*\\}\\}', 'g'), () => String(data[key]));
      for (const filter of Object.keys(FILTERS)) {
        const pattern = new RegExp('\\{\\{\\s*' + key + '\\s*\\|\\s*' + filter + '\\s*\\}\\}', 'g');
        letter = letter.replace(pattern, () => FILTERS[filter](String(data[key])));
      }
    }
    const left = letter.match(/\{\{[^}]*\}\}/g);
    if (left) {
      for (const field of left) {
        const text = field.slice(2, -2).trim();
        if (!problems.includes(text)) problems.push(text);
        letter = letter.split(field).join('');
      }
    }
    letter = letter.split('\n').map((l) => l.trimEnd()).join('\n');
    letters.push(letter);
  }
  return { letters, problems: problems.sort() };
}
