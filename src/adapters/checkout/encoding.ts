// Bytes of a source file to text and back, exactly: UTF-8 where it is valid (a BOM stays as U+FEFF), else one character a byte.

import { isUtf8 } from 'node:buffer';
import { UserError } from '../../core/errors.ts';

export type TextEncoding = 'utf8' | 'latin1';

export interface SourceText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** `encodeText(decodeText(b)) equals b` for all bytes. */
export function decodeText(bytes: Buffer): SourceText {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: bytes.toString(encoding), encoding };
}

/**
 * The bytes of a text in its file's encoding.
 * @throws UserError when the encoding cannot hold a character of it: nothing is ever replaced silently.
 */
export function encodeText(text: string, encoding: TextEncoding, file: string): Buffer {
  const bytes = Buffer.from(text, encoding);
  if (bytes.toString(encoding) !== text) {
    throw new UserError(
      encoding === 'latin1' ? `${file} is not UTF-8 and cannot hold a character above U+00FF` : `${file} would hold half of a surrogate pair`,
      encoding === 'latin1' ? `Save ${file} as UTF-8, or keep to characters that it can hold.` : 'Use whole characters only.',
    );
  }
  return bytes;
}
