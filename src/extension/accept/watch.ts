// Notices that an accepted change is undone or redone in the editor, so that no journal says what is not so.

/** One file of an accept: its text before and after, as the editor has it. */
export interface WatchedFile {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

/** The texts of one accept. It is undone when all files have their former texts again, redone when all have the accepted ones. */
export class AcceptWatch {
  private readonly files: ReadonlyMap<string, WatchedFile>;
  /** Where each file stands now; null: elsewhere. */
  private readonly at = new Map<string, 'before' | 'after' | null>();
  private stands = true;

  constructor(files: readonly WatchedFile[]) {
    this.files = new Map(files.map((f) => [f.key, f]));
    for (const f of files) this.at.set(f.key, 'after');
  }

  has(key: string): boolean {
    return this.files.has(key);
  }

  /** A file has this text now. Tells what became of the accept when that changed. `lines` spares making the text of a document that has others. */
  changed(key: string, lines: number, text: () => string): 'undone' | 'redone' | null {
    const f = this.files.get(key);
    if (!f) return null;
    const is = (known: string): boolean => lineCount(known) === lines && text() === known;
    const now = is(f.before) ? 'before' : is(f.after) ? 'after' : null;
    this.at.set(key, now);
    const all = new Set(this.at.values());
    if (all.size !== 1) return null;
    if (this.stands && now === 'before') {
      this.stands = false;
      return 'undone';
    }
    if (!this.stands && now === 'after') {
      this.stands = true;
      return 'redone';
    }
    return null;
  }
}

/** As an editor counts them: the end of the last line begins another. */
export function lineCount(text: string): number {
  return (text.match(/\r\n|\r|\n/g)?.length ?? 0) + 1;
}

/** A file's text with line ends and byte order mark as an editor may have changed them: for telling a text on the disk from one in an editor. */
export function looseText(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n|\r/g, '\n');
}
