// How runs are named.

const NAME = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(.*)$/;

/** When a run began, from its name, where people are: the time of day, with the day unless it is today; the name where it says none. */
export function runTime(run: string, locale: string, now: Date, timeZone?: string): string {
  const m = NAME.exec(run);
  if (!m) return run;
  const [, year, month, day, hour, minute, second] = m.map(Number);
  const began = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  const zone = timeZone === undefined ? {} : { timeZone };
  const dayOf = (d: Date): string => d.toLocaleDateString(locale, { month: 'short', day: 'numeric', ...(d.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }), ...zone });
  const time = began.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit', ...zone });
  return dayOf(began) === dayOf(now) ? time : `${dayOf(began)}, ${time}`;
}

/** `11:07 AM`, with the workspace where it is not the first. */
export function runLabel(run: string, workspace: string, locale: string, now: Date, timeZone?: string): string {
  return [runTime(run, locale, now, timeZone), ...(workspace === 'v1' ? [] : [workspace])].join(' · ');
}
