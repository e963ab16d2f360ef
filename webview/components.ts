// The panel's controls: the one file that knows which library they come from.

import { provideVSCodeDesignSystem, vsCodeButton, vsCodeDropdown, vsCodeOption, vsCodeTextField, type Button, type Dropdown, type TextField } from '@vscode/webview-ui-toolkit';
import { h, icon, setAttribute } from './dom.ts';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField(), vsCodeDropdown(), vsCodeOption());

export interface ButtonLook {
  readonly label: string;
  /** Explains it, with its key; shown on hover and read aloud. */
  readonly title?: string;
  readonly icon?: string;
  readonly kind?: 'primary' | 'secondary' | 'icon';
}

export interface ButtonControl {
  readonly element: HTMLElement;
  update(state: { readonly label?: string; readonly title?: string; readonly disabled?: boolean; readonly hidden?: boolean; readonly pressed?: boolean }): void;
}

export function button(look: ButtonLook, onClick: () => void): ButtonControl {
  const kind = look.kind ?? 'secondary';
  const element = h('vscode-button' as 'button', { appearance: kind, 'aria-label': kind === 'icon' ? look.label : null, title: look.title ?? (kind === 'icon' ? look.label : null) }) as unknown as Button;
  if (look.icon !== undefined) {
    const glyph = icon(look.icon);
    if (kind !== 'icon') glyph.slot = 'start';
    element.append(glyph);
  }
  // A text, not an element: the library takes a span for an icon and makes it as wide as one.
  const text = document.createTextNode(kind === 'icon' ? '' : look.label);
  element.append(text);
  element.addEventListener('click', () => { if (!element.disabled) onClick(); });
  return {
    element,
    update: ({ label, title, disabled, hidden, pressed }) => {
      if (label !== undefined && kind !== 'icon' && text.data !== label) text.data = label;
      if (label !== undefined && kind === 'icon') setAttribute(element, 'aria-label', label);
      if (title !== undefined) setAttribute(element, 'title', title);
      if (disabled !== undefined) element.disabled = disabled;
      if (hidden !== undefined) element.hidden = hidden;
      if (pressed !== undefined) setAttribute(element, 'aria-pressed', String(pressed));
    },
  };
}

export interface FieldControl {
  readonly element: HTMLElement;
  value(): string;
  set(value: string): void;
  focus(): void;
}

export function textField(look: { readonly label: string; readonly placeholder: string; readonly icon: string }, onInput: (value: string) => void): FieldControl {
  const element = h('vscode-text-field' as 'div', { placeholder: look.placeholder, 'aria-label': look.label }) as unknown as TextField;
  const glyph = icon(look.icon);
  glyph.slot = 'start';
  element.append(glyph);
  element.addEventListener('input', () => { onInput(element.value); });
  return { element, value: () => element.value, set: (value) => { element.value = value; }, focus: () => { element.focus(); } };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface SelectControl {
  readonly element: HTMLElement;
  /** Shows these choices with one of them chosen. */
  update(choices: readonly Choice[], chosen: string): void;
}

export function select(look: { readonly label: string }, onChange: (value: string) => void): SelectControl {
  const element = h('vscode-dropdown' as 'div', { 'aria-label': look.label }) as unknown as Dropdown;
  let shown = '';
  element.addEventListener('change', () => { onChange(element.value); });
  return {
    element,
    update: (choices, chosen) => {
      const key = JSON.stringify(choices);
      if (key !== shown) {
        shown = key;
        element.replaceChildren(...choices.map((c) => h('vscode-option' as 'option', { value: c.value, selected: c.value === chosen }, c.label)));
      }
      if (element.value !== chosen) element.value = chosen;
    },
  };
}
