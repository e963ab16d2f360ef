// The page of the Solutions panel: nothing but two links, under a policy that lets nothing else in.

export interface Page {
  readonly title: string;
  readonly language: string;
  /** Fresh for each page. */
  readonly nonce: string;
  /** Where the webview's own files come from. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/**
 * What the control library tries out in an empty style element is let in by the hash of the empty text: without it focus is shown on every
 * click, as if by the keyboard.
 */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** No inline style or script, no network, no frames; images only as the page's own files. */
export function contentSecurityPolicy({ nonce, source }: Pick<Page, 'nonce' | 'source'>): string {
  return `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source} ${EMPTY_STYLE}; font-src ${source}; img-src ${source}; base-uri 'none'; form-action 'none'`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

export function pageHtml(page: Page): string {
  return `<!DOCTYPE html>
<html lang="${escaped(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(contentSecurityPolicy(page))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
<link rel="stylesheet" href="${escaped(page.style)}">
</head>
<body>
<div id="app"></div>
<script nonce="${page.nonce}" src="${escaped(page.script)}"></script>
</body>
</html>
`;
}
