// Wraps plain text mail to a width, keeping paragraphs and quote marks.

function visibleLength(text) {
  // the accents of our font have no width
  return Array.from(text.normalize('NFC')).length;
}

// sigil: improve
function wrapMail(text, width) {
  const output = [];
  const paragraphs = text.split('\n');
  for (const paragraph of paragraphs) {
    let prefix = '';
    let rest = paragraph;
    while (rest.startsWith('>')) {
      prefix += '> ';
      rest = rest.slice(1).trimStart();
    }
    const words = rest.split(' ').filter((w) => w !== '');
    if (words.length === 0) {
      output.push(prefix.trimEnd());
      continue;
    }
    let line = [];
    while (words.length > 0) {
      const word = words.shift();
      const candidate = prefix + [...line, word].join(' ');
      if (line.length > 0 && visibleLength(candidate) > width) {
        output.push(prefix + line.join(' '));
        line = [word];
      } else {
        line = [...line, word];
      }
    }
    output.push(prefix + line.join(' '));
  }
  // no more than one empty line in a row
  return output.filter((l, i) => !(l === '' && output[i - 1] === '')).join('\n');
}

module.exports = { wrapMail };
