// Finds meetings that overlap and the busiest moment of the day.

interface Meeting {
  id: string;
  start: string;
  end: string;
  people: string[];
  cancelled?: boolean;
}

interface Overlap {
  a: string;
  b: string;
  minutes: number;
  shared: string[];
}

class Span {
  readonly from: Date;
  readonly to: Date;
  constructor(meeting: Meeting) {
    this.from = new Date(meeting.start);
    this.to = new Date(meeting.end);
  }
  minutesWith(other: Span): number {
    const from = Math.max(this.from.getTime(), other.from.getTime());
    const to = Math.min(this.to.getTime(), other.to.getTime());
    return Math.max(0, (to - from) / 60000);
  }
  covers(when: Date): boolean {
    return this.from <= when && when < this.to;
  }
}

// sigil: improve
export function findOverlaps(meetings: Meeting[]): { overlaps: Overlap[]; busiest: { at: string; count: number } | null } {
  const active = meetings.filter((m) => !m.cancelled);
  const overlaps: Overlap[] = [];
  for (const a of active) {
    for (const b of active) {
      if (a.id >= b.id) continue;
      const minutes = new Span(a).minutesWith(new Span(b));
      if (minutes === 0) continue;
      const shared = a.people.filter((p) => b.people.includes(p)).sort();
      if (shared.length > 0) overlaps.push({ a: a.id, b: b.id, minutes, shared });
    }
  }

  let busiest: { at: string; count: number } | null = null;
  for (const meeting of active) {
    const when = new Date(meeting.start);
    const count = active.filter((m) => new Span(m).covers(when)).length;
    if (busiest === null || count > busiest.count || (count === busiest.count && when < new Date(busiest.at))) {
      busiest = { at: when.toISOString(), count };
    }
  }

  return {
    overlaps: overlaps.sort((x, y) => y.minutes - x.minutes || x.a.localeCompare(y.a) || x.b.localeCompare(y.b)),
    busiest,
  };
}
