// Places where an answer says that code goes on as before instead of writing it. They are never taken for code.

const DOTS = String.raw`(?:\.{3,}|\u2026)`;
const ALONE = new RegExp(String.raw`^${DOTS}$`);
const BODY = new RegExp(String.raw`(?:\{\s*(?:${DOTS}|/\*\s*${DOTS}.*?\*/)\s*\}|\)\s*(?:->[^:]+)?:\s*${DOTS})\s*[;,]?$`);
/** As a prompt tells of lines that it leaves out. */
const SHOWN = new RegExp(String.raw`^\[\s*${DOTS}.*\b(?:lines?|code|shown)\b.*\]$`, 'i');
const COMMENT = /(?:^|\s)(?:#|\/\/|\/\*|<!--|--(?=\s)|\{\/\*)\s*(.*?)\s*(?:\*\/\}?|-->)?$/;
const SAYS = [
  new RegExp(String.raw`^[\[(<{]?\s*${DOTS}`),
  new RegExp(String.raw`\b(?:rest|existing|remaining|remainder|unchanged|same|other|previous|original|omitted|as before|above|here|code|implementation|logic)\b.*${DOTS}\W*$`, 'i'),
  /^\W*(?:the )?(?:rest|remainder|remaining)\b.{0,60}\b(?:unchanged|the same|same as|as (?:before|is|above)|omitted|remains?|stays?|goes here|of (?:the|your|this)? ?(?:code|function|method|file|class|implementation|body|loop))\b/i,
  /^\W*(?:existing|original|previous|unchanged|remaining|old|same) (?:code|implementation|logic|body|content|lines|functions?|methods?|imports?)(?: (?:here|unchanged|above|below|as before|remains?.*|stays?.*|goes here|follows))?\W*$/i,
  /^\W*(?:code |lines? )?(?:unchanged|omitted|snip(?:ped)?|no changes?(?: needed| here)?)\W*$/i,
  /^\W*same as (?:before|above|original|in the original|the original)\b/i,
  /\bomitted for brevity\b/i,
  /^\W*(?:your |the )?(?:implementation|code|logic) (?:goes )?here\W*$/i,
  /^\W*keep (?:the )?(?:rest|remaining|existing|everything else)\b/i,
];

/** Whether a line stands for others that are not written. */
export function isElision(line: string): boolean {
  const text = line.trim();
  if (ALONE.test(text) || BODY.test(text) || SHOWN.test(text)) return true;
  const comment = COMMENT.exec(text)?.[1];
  return comment !== undefined && SAYS.some((says) => says.test(comment));
}

/** The first new line that stands for others; null when there is none. One that the file has itself is code. */
export function elisionIn(lines: readonly string[], known: ReadonlySet<string>): string | null {
  return lines.find((line) => isElision(line) && !known.has(line.trim())) ?? null;
}
