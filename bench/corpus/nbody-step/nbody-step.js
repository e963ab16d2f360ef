// Moves the planets of the little orrery on the museum's website.

const G = 6.674e-3;
const SOFTENING = 1e-4;

// sigil: improve
function simulate(bodies, steps, dt) {
  const n = bodies.length;
  const x = bodies.map((b) => b.x);
  const y = bodies.map((b) => b.y);
  const vx = bodies.map((b) => b.vx);
  const vy = bodies.map((b) => b.vy);
  const mass = bodies.map((b) => b.mass);

  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const dx = x[j] - x[i];
        const dy = y[j] - y[i];
        const d2 = dx * dx + dy * dy + SOFTENING;
        const pull = (G * dt) / (d2 * Math.sqrt(d2));
        vx[i] += dx * pull * mass[j];
        vy[i] += dy * pull * mass[j];
        vx[j] -= dx * pull * mass[i];
        vy[j] -= dy * pull * mass[i];
      }
    }
    for (let i = 0; i < n; i++) {
      x[i] += vx[i] * dt;
      y[i] += vy[i] * dt;
    }
  }

  let energy = 0;
  for (let i = 0; i < n; i++) energy += 0.5 * mass[i] * (vx[i] * vx[i] + vy[i] * vy[i]);
  return { bodies: bodies.map((b, i) => ({ name: b.name, x: x[i], y: y[i] })), energy };
}

module.exports = { simulate };
