// Replays the edit history of a shared note: inserts, deletes, undo and redo.

type Operation =
  | { kind: 'insert'; at: number; text: string }
  | { kind: 'delete'; at: number; length: number }
  | { kind: 'undo' }
  | { kind: 'redo' };

interface State {
  text: string;
  lines: string[];
  words: number;
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((w) => w.length > 0).length;
}

// sigil: improve
export function replay(start: string, operations: Operation[]): { text: string; words: number; lines: number; longest: number; skipped: number } {
  let state: State = { text: start, lines: start.split('\n'), words: countWords(start) };
  let past: State[] = [];
  let future: State[] = [];
  let longest = state.text.length;
  let skipped = 0;

  for (const op of operations) {
    if (op.kind === 'undo') {
      const previous = past[past.length - 1];
      if (!previous) {
        skipped++;
        continue;
      }
      future = [state, ...future];
      past = past.slice(0, -1);
      state = previous;
    } else if (op.kind === 'redo') {
      if (future.length === 0) {
        skipped++;
        continue;
      }
      past = [...past, state];
      state = future[0] as State;
      future = future.slice(1);
    } else {
      const chars = state.text.split('');
      if (op.kind === 'insert') chars.splice(Math.min(op.at, chars.length), 0, ...op.text.split(''));
      else chars.splice(op.at, op.length);
      const text = chars.join('');
      past = [...past, structuredClone(state)];
      state = { text, lines: text.split('\n'), words: countWords(text) };
      future = [];
    }
    if (state.text.length > longest) longest = state.text.length;
  }
  return { text: state.text, words: state.words, lines: state.lines.length, longest, skipped };
}
