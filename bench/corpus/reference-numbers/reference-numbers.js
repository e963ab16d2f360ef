// Payment references: the number in base 36 with two check digits (mod 97), as on our invoices.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function toBase36(number) {
  if (number === 0n) return '0';
  let text = '';
  while (number > 0n) {
    text = ALPHABET[Number(number % 36n)] + text;
    number = number / 36n;
  }
  return text;
}

function checkDigits(text) {
  // letters count as 10..35, then the whole as one long number
  const digits = text.split('').map((ch) => String(ALPHABET.indexOf(ch))).join('');
  const rest = Number(BigInt(digits + '00') % 97n);
  return String(98 - rest).padStart(2, '0');
}

// sigil: improve
function references(accounts) {
  const seen = [];
  const out = [];
  for (const { account, year, counter } of accounts) {
    let number = BigInt(account.replace(/\D/g, '') || '0');
    number = number * 10n ** 4n + BigInt(year);
    number = number * 10n ** 6n + BigInt(counter);
    const body = toBase36(number);
    let code = 'RF' + checkDigits(body + 'RF') + body;
    let attempt = 1;
    while (seen.includes(code)) {
      const next = toBase36(number + BigInt(attempt) * 1000000n);
      code = 'RF' + checkDigits(next + 'RF') + next;
      attempt++;
    }
    seen.push(code);
    out.push(code.match(/.{1,4}/g).join(' '));
  }
  return out;
}

module.exports = { references };
