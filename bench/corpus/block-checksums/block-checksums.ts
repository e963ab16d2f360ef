// CRC-32 of the blocks of an upload, to find which ones changed.

const TABLE = new Int32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  TABLE[n] = c;
}

export interface BlockReport {
  sums: string[];
  changed: number[];
  whole: string;
}

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

// sigil: improve
export function blockChecksums(data: readonly number[], blockSize: number, before: readonly string[]): BlockReport {
  const sums: string[] = [];
  const changed: number[] = [];
  let whole = -1;
  for (let start = 0; start < data.length; start += blockSize) {
    const end = Math.min(start + blockSize, data.length);
    let crc = -1;
    for (let i = start; i < end; i++) {
      const byte = data[i] as number;
      crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
      whole = (TABLE[(whole ^ byte) & 0xff] as number) ^ (whole >>> 8);
    }
    const text = hex(~crc);
    if (before[sums.length] !== text) changed.push(sums.length);
    sums.push(text);
  }
  for (let i = sums.length; i < before.length; i++) changed.push(i);
  return { sums, changed, whole: hex(~whole) };
}
