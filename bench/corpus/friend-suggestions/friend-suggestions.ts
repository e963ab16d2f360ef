// People you may know: friends of friends with the most friends in common.

type Friendship = [string, string];

export interface SuggestionList {
  user: string;
  suggestions: { name: string; common: string[]; score: number }[];
}

function friendsOf(friendships: Friendship[], user: string): string[] {
  const friends: string[] = [];
  for (const [a, b] of friendships) {
    if (a === user && !friends.includes(b)) friends.push(b);
    if (b === user && !friends.includes(a)) friends.push(a);
  }
  return friends;
}

// sigil: improve
export function peopleYouMayKnow(friendships: Friendship[], users: string[], blocked: string[], top = 5): SuggestionList[] {
  const lists: SuggestionList[] = [];
  for (const user of users) {
    const mine = friendsOf(friendships, user);
    let candidates: string[] = [];
    for (const friend of mine) {
      candidates = [...candidates, ...friendsOf(friendships, friend)];
    }
    candidates = candidates.filter((c, i) => candidates.indexOf(c) === i);
    candidates = candidates.filter((c) => c !== user && !mine.includes(c) && !blocked.includes(c));

    const scored = candidates.map((name) => {
      const common = friendsOf(friendships, name).filter((f) => mine.includes(f));
      // friends with few friends say more
      const score = common.reduce((sum, f) => sum + 1 / friendsOf(friendships, f).length, 0);
      return { name, common: common.sort(), score: Math.round(score * 1000) / 1000 };
    });
    scored.sort((a, b) => b.common.length - a.common.length || b.score - a.score || (a.name < b.name ? -1 : 1));
    lists.push({ user, suggestions: scored.slice(0, top) });
  }
  return lists;
}
