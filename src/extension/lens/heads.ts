// Whether a line looks like the head of a function: where the editor offers to mark one. No parser: a guess that costs nothing.

const KEYWORD = /^\s*(?:\}\s*)?(?:if|else|for|while|switch|catch|return|do|with|new|await|throw|typeof|case|try|using|namespace|struct|enum|class|import|package|sizeof)\b/;
const HEADS: Readonly<Record<string, RegExp>> = {
  python: /^\s*(?:async\s+)?def\s+\w+/,
  go: /^func\b/,
  rust: /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|extern\s+"[^"]*")\s+)*fn\s+\w+/,
};
const SCRIPT = /\bfunction\b\s*\*?\s*[\w$]*\s*[<(]|^\s*(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^;]*|[\w$]+\s*=>.*)$|^\s*(?:(?:public|private|protected|static|async|override|get|set)\s+)*[*#]?[\w$]+\s*(?:<[^>]*>)?\([^;]*$/;
const BRACED = /^\s*[A-Za-z_][\w:<>,*&[\]\s~.@]*[\s*&]~?[\w:]+\s*\([^;={]*(?:\)[^;]*)?(?:\{.*)?$/;

/** @param language VS Code's name of it */
export function looksLikeHead(line: string, language: string): boolean {
  const own = HEADS[language];
  if (own) return own.test(line);
  if (KEYWORD.test(line)) return false;
  return (language === 'java' || language === 'c' || language === 'cpp' ? BRACED : SCRIPT).test(line);
}
