// Median, quartiles and outliers of survey answers by group.

interface Answer {
  respondent: string;
  group: string;
  question: string;
  value: number | null;
}

interface GroupStats {
  group: string;
  question: string;
  n: number;
  median: number;
  q1: number;
  q3: number;
  outliers: string[];
  percentile: Record<string, number>;
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

// sigil: improve
export function surveyStats(answers: Answer[]): GroupStats[] {
  const groups = [...new Set(answers.map((a) => a.group))].sort();
  const questions = [...new Set(answers.map((a) => a.question))].sort();
  const stats: GroupStats[] = [];
  for (const group of groups) {
    for (const question of questions) {
      const given = answers.filter((a) => a.group === group && a.question === question && a.value !== null);
      if (given.length === 0) continue;
      const values = given.map((a) => a.value as number);
      const outliers: string[] = [];
      for (const answer of given) {
        const spread = quantile(values, 0.75) - quantile(values, 0.25);
        const value = answer.value as number;
        if (value < quantile(values, 0.25) - 1.5 * spread || value > quantile(values, 0.75) + 1.5 * spread) {
          outliers.push(answer.respondent);
        }
      }
      const percentile: Record<string, number> = {};
      for (const answer of given) {
        percentile[answer.respondent] = Math.round((values.filter((v) => v <= (answer.value as number)).length / values.length) * 100);
      }
      stats.push({ group, question, n: values.length, median: quantile(values, 0.5), q1: quantile(values, 0.25), q3: quantile(values, 0.75), outliers: outliers.sort(), percentile });
    }
  }
  return stats;
}
