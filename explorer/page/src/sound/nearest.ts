// Which sound lies that way.
// Comes in: each row's place on the screen, `[x0, y0, x1, y1, …]`, NaN where it is not shown. Goes out: rows.

export type Direction = "left" | "right" | "up" | "down";

const AHEAD: Record<Direction, [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** The nearest row within 45° of a direction, those straight ahead preferred; null at the edge. */
export function nearestTowards(
  places: Float32Array,
  from: number,
  direction: Direction,
): number | null {
  const [ux, uy] = AHEAD[direction];
  const x0 = places[2 * from];
  const y0 = places[2 * from + 1];
  let best: number | null = null;
  let least = Infinity;
  for (let row = 0; row < places.length / 2; row++) {
    const dx = places[2 * row] - x0;
    const dy = places[2 * row + 1] - y0;
    const ahead = dx * ux + dy * uy;
    const aside = Math.abs(dx * uy - dy * ux);
    const cost = ahead + aside;
    if (row !== from && ahead > 0 && aside <= ahead && cost < least) {
      least = cost;
      best = row;
    }
  }
  return best;
}

/** The `n` rows nearest to a place on the screen, the nearest first. */
export function nearestTo(places: Float32Array, x: number, y: number, n: number): number[] {
  const rows: number[] = [];
  const distances: number[] = [];
  for (let row = 0; row < places.length / 2; row++) {
    const distance = Math.hypot(places[2 * row] - x, places[2 * row + 1] - y);
    if (Number.isNaN(distance) || distance >= (distances[n - 1] ?? Infinity)) continue;
    const place = insertion(distances, distance);
    rows.splice(place, 0, row);
    distances.splice(place, 0, distance);
    rows.length = Math.min(rows.length, n);
    distances.length = Math.min(distances.length, n);
  }
  return rows;
}

function insertion(sorted: number[], value: number): number {
  const place = sorted.findIndex((other) => other > value);
  return place < 0 ? sorted.length : place;
}
