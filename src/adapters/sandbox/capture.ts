// Keeps the first and the last megabyte of what a command prints.

const KEEP = 1 << 20;

export class Capture {
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = KEEP - this.#headBytes;
    if (room > 0) {
      const part = chunk.subarray(0, room);
      this.#head.push(part);
      this.#headBytes += part.length;
      chunk = chunk.subarray(room);
    }
    if (chunk.length === 0) return;
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    // Whole chunks are dropped from the front; the exact cut is made once, at the end.
    for (let first = this.#tail[0]; first !== undefined && this.#tailBytes - first.length >= KEEP; first = this.#tail[0]) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }

  get truncated(): boolean {
    return this.#total > 2 * KEEP;
  }

  text(): string {
    const head = Buffer.concat(this.#head);
    if (!this.truncated) return Buffer.concat([head, ...this.#tail]).toString('utf8');
    const tail = Buffer.concat(this.#tail).subarray(-KEEP);
    return `${head.toString('utf8')}\n[${this.#total - 2 * KEEP} bytes left out]\n${tail.toString('utf8')}`;
  }
}
