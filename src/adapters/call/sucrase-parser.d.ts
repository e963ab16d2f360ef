// The part of sucrase's parser that hooks.ts uses; the package ships no types at these paths.

declare module 'sucrase/dist/parser' {
  export function parse(input: string, jsx: boolean, typescript: boolean, flow: boolean): { readonly tokens: readonly { readonly type: number; readonly start: number; readonly end: number }[] };
}

declare module 'sucrase/dist/parser/tokenizer/types' {
  export const TokenType: { readonly _import: number; readonly _export: number; readonly eq: number; readonly parenL: number; readonly name: number };
}
