// How far the points of a map reach, so that it can be brought into view without its far outliers.

export interface Extent {
  middle: [number, number, number];
  half: [number, number]; // half the width and height, for a flat map
  radius: number; // around the middle, for one that is turned
}

const SAMPLE = 20_000; // points enough for quantiles
const OUTLIERS = 0.005; // at each end of an axis
const FAR = 0.02; // of the distances from the middle
const ROOM = 1.06;

/** Positions are (n × 3). */
export function extentOf(positions: Float32Array): Extent {
  const n = positions.length / 3;
  const rows = Array.from({ length: Math.min(n, SAMPLE) }, (_, k) => Math.floor((k * n) / Math.min(n, SAMPLE)));
  const ends = [0, 1, 2].map((axis) => {
    const sorted = Float32Array.from(rows, (row) => positions[3 * row + axis]).sort();
    const cut = Math.floor(sorted.length * OUTLIERS);
    return [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0];
  });
  const middle = ends.map(([low, high]) => (low + high) / 2) as Extent["middle"];
  const distances = Float32Array.from(rows, (row) => Math.hypot(...middle.map((centre, axis) => positions[3 * row + axis] - centre))).sort();
  const radius = distances[Math.floor(distances.length * (1 - FAR))] ?? 0;
  const half = ends.map(([low, high]) => Math.max(0.02, ROOM * (high - low)) / 2);
  return { middle, half: [half[0], half[1]], radius: Math.max(0.02, radius) };
}
