// Names of groups where they are densest, placed so that none covers another.

/** A group's name, where in the map's space it is to stand, and how many points it has. */
export interface Group {
  text: string;
  at: [number, number, number];
  weight: number;
}

export interface Label {
  text: string;
  x: number;
  y: number;
  weight: number; // the more, the earlier it gets its place
}

const SAMPLE = 60_000; // points enough to find where a group is densest
const CELL = 0.08; // of the map's cube

/** Where each group's shown points are densest: a group of several heaps is named at its largest. */
export function groupsOf(codes: Uint16Array, values: string[], shown: Uint8Array, positions: Float32Array): Group[] {
  const rows: number[][] = values.map(() => []);
  const step = Math.max(1, Math.floor(codes.length / SAMPLE));
  for (let row = 0; row < codes.length; row += step) {
    if (shown[row] && codes[row] < values.length) rows[codes[row]].push(row);
  }
  return values.flatMap((text, code) =>
    rows[code].length ? [{ text, at: middle(densest(rows[code], positions), positions), weight: rows[code].length }] : [],
  );
}

/** The rows of the fullest cell of a grid over the map. */
function densest(rows: number[], positions: Float32Array): number[] {
  const cells = new Map<number, number[]>();
  for (const row of rows) {
    const [x, y, z] = positions.subarray(3 * row, 3 * row + 3).map((at) => Math.floor((at + 0.5) / CELL));
    const cell = (z * 64 + y) * 64 + x;
    const others = cells.get(cell);
    if (others) others.push(row);
    else cells.set(cell, [row]);
  }
  return [...cells.values()].reduce((fullest, cell) => (cell.length > fullest.length ? cell : fullest));
}

function middle(rows: number[], positions: Float32Array): [number, number, number] {
  const mean = (axis: number) => rows.reduce((sum, row) => sum + positions[3 * row + axis], 0) / rows.length;
  return [mean(0), mean(1), mean(2)];
}

/** The labels that fit into width × height without touching each other, the heaviest first. */
export function withoutOverlap(
  labels: Label[],
  widthOf: (text: string) => number,
  height: number,
  [right, bottom]: [number, number],
): Label[] {
  const placed: { label: Label; half: number }[] = [];
  for (const label of [...labels].sort((a, b) => b.weight - a.weight)) {
    const half = widthOf(label.text) / 2 + 6;
    const outside = label.x < half || label.x > right - half || label.y < height || label.y > bottom - height;
    const covers = placed.some(
      (other) => Math.abs(other.label.x - label.x) < other.half + half && Math.abs(other.label.y - label.y) < height + 4,
    );
    if (!outside && !covers) placed.push({ label, half });
  }
  return placed.map(({ label }) => label);
}
