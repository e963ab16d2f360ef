// An answer without what is not part of it: thinking, byte order marks, carriage returns, a template's own tokens.

const THINKING = /^[ \t]*<(think|thinking|thought|reasoning|scratchpad|analysis|reflection|inner_monologue|antthinking)\b[^>]*>[\s\S]*?<\/\1>/gim;
const NAMES = 'think|thinking|thought|reasoning|scratchpad|analysis|reflection|inner_monologue|antthinking';

export interface Cleaned {
  readonly text: string;
  /** Whether the answer ends while it still thinks. */
  readonly unfinished: boolean;
}

export function cleaned(answer: string): Cleaned {
  let text = answer.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
    // A model that is stuck writes blanks without end; they are no one's code.
    .replace(/[ \t]{500,}/g, (blanks) => blanks.slice(0, 500));
  // Channels of one template: the final one is the answer.
  const channel = text.lastIndexOf('<|channel|>final<|message|>');
  if (channel >= 0) text = text.slice(channel + '<|channel|>final<|message|>'.length);
  text = text.replace(/<\|(?:end|return|start|im_end|im_start|eot_id|endoftext|end_of_text)\|>|<\uff5cend\u2581of\u2581sentence\uff5c>/g, '');
  text = text.replace(/^\s*\[THINK\][\s\S]*?\[\/THINK\]/, '').replace(/^\s*\u25c1think\u25b7[\s\S]*?\u25c1\/think\u25b7/, '');
  text = text.replace(THINKING, '');
  // A template that opens the tag itself: only its end is in the answer.
  const ended = new RegExp(`</(?:${NAMES})>[ \\t]*$`, 'im').exec(text);
  if (ended && !new RegExp(`<(?:${NAMES})\\b`, 'i').test(text.slice(0, ended.index))) text = text.slice(ended.index + ended[0].length);
  const unfinished = new RegExp(`^\\s*<(?:${NAMES})\\b[^>]*>`, 'i').test(text);
  return { text, unfinished };
}

/** Whether code is written in entities throughout: it has some, and none of what they stand for. */
export function isEscaped(code: string): boolean {
  return /&(?:lt|gt|amp|quot|#0*39|#x27|apos);/i.test(code) && !/[<>]|&(?!(?:lt|gt|amp|quot|apos|nbsp|#\d+|#x[\da-f]+);)/i.test(code);
}

export function unescaped(code: string): string {
  return code.replace(/&lt;/gi, '<').replace(/&gt;/gi, '>').replace(/&quot;/gi, '"').replace(/&(?:#0*39|#x27|apos);/gi, "'").replace(/&nbsp;/gi, ' ').replace(/&amp;/gi, '&');
}
