// Run-length coding for the masks that the label printer wants: "WWWB" <-> "3WB".

// sigil: improve
function packMasks(masks) {
  const report = { packed: [], broken: [], before: 0, after: 0 };
  masks.forEach((mask, index) => {
    let packed = '';
    let i = 0;
    while (i < mask.length) {
      let count = 1;
      while (mask.charAt(i + count) === mask.charAt(i) && i + count < mask.length) {
        count++;
      }
      if (count === 1) packed += mask.charAt(i);
      else packed += String(count) + mask.charAt(i);
      i += count;
    }

    // unpack again, to be on the safe side
    const pieces = [];
    let digits = '';
    for (const ch of packed.split('')) {
      if (/[0-9]/.test(ch)) {
        digits += ch;
      } else {
        const times = digits === '' ? 1 : parseInt(digits, 10);
        for (let t = 0; t < times; t++) pieces.push(ch);
        digits = '';
      }
    }
    if (pieces.join('') !== mask) {
      report.broken.push(index);
    }
    report.packed.push(packed);
    report.before += mask.length;
    report.after += packed.length;
  });
  report.ratio = report.before === 0 ? 0 : Math.round((report.after / report.before) * 1000) / 1000;
  return report;
}

module.exports = { packMasks };
