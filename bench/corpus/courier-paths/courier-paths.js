// Shortest ways from the depot to all stops, with the way itself.

class Queue {
  constructor() {
    this.items = [];
  }
  add(node, cost) {
    this.items.push({ node, cost });
    this.items.sort((a, b) => a.cost - b.cost || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0));
  }
  next() {
    return this.items.shift();
  }
  get empty() {
    return this.items.length === 0;
  }
}

// sigil: improve
function shortestWays(streets, depot, stops) {
  const cost = { [depot]: 0 };
  const from = {};
  const done = [];
  const queue = new Queue();
  queue.add(depot, 0);
  while (!queue.empty) {
    const { node } = queue.next();
    if (done.includes(node)) continue;
    done.push(node);
    const outgoing = streets.filter((s) => s.a === node || (s.b === node && !s.oneWay));
    for (const street of outgoing) {
      const other = street.a === node ? street.b : street.a;
      const total = cost[node] + street.minutes;
      if (cost[other] === undefined || total < cost[other]) {
        cost[other] = total;
        from[other] = node;
        queue.add(other, total);
      }
    }
  }

  return stops.map((stop) => {
    if (cost[stop] === undefined) return { stop, minutes: null, way: [] };
    let way = [stop];
    while (way[0] !== depot) {
      way = [from[way[0]], ...way];
    }
    return { stop, minutes: cost[stop], way };
  });
}

module.exports = { shortestWays };
