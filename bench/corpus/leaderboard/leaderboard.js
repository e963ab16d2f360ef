/** Ranking page of the running club: best result a person, shared ranks, movement since last week. */

const fullName = (runner) => `${runner.first} ${runner.last}`.trim();

// sigil: improve
const ranking = (results, lastWeek) => {
  const best = [];
  results.forEach((result) => {
    const name = fullName(result.runner);
    const existing = best.find((b) => b.name === name);
    if (!existing) {
      best.push({ name, club: result.runner.club, points: result.points, races: 1 });
    } else {
      existing.races += 1;
      if (result.points > existing.points) existing.points = result.points;
    }
  });

  const table = best.map((entry) => {
    const rank = best.filter((other) => other.points > entry.points).length + 1;
    const tied = best.filter((other) => other.points === entry.points).length > 1;
    const clubRank = best.filter((other) => other.club === entry.club).sort((a, b) => b.points - a.points).findIndex((other) => other.points === entry.points) + 1;
    const before = lastWeek.indexOf(entry.name);
    return {
      ...entry,
      rank,
      label: tied ? `=${rank}` : String(rank),
      clubRank,
      moved: before === -1 ? null : before + 1 - rank,
    };
  });
  return table.sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
};

module.exports = { ranking };
