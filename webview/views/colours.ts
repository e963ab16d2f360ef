// The theme's colours for the canvas, which cannot read CSS variables itself.

export interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly kept: string;
  readonly estimate: string;
  readonly doubtful: string;
  readonly failed: string;
  readonly background: string;
  readonly font: string;
}

/** As style/base.css names them. */
export function colours(element: Element): Colours {
  const style = getComputedStyle(element);
  const get = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    text: get('--muted'), grid: get('--grid'), kept: get('--kept'), estimate: get('--estimate'), doubtful: get('--doubtful'), failed: get('--failed'),
    background: get('--background'), font: `11px ${style.fontFamily}`,
  };
}
