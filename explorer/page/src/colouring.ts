// A column as colours: which colour each category or number has, and each row's colour.
import { categories, gradient, N_CATEGORIES, type Rgb } from "./palette";
import type { Points } from "./points";
import { scaleOf, type Scale } from "./scales";
import { NO_CODE, type Column, type ColumnInfo } from "./source";

export type Colouring =
  | { kind: "categorical"; info: ColumnInfo; values: string[]; codes: Uint16Array; order: number[]; colourOf(code: number): Rgb }
  | { kind: "continuous"; info: ColumnInfo; numbers: Float32Array; scale: Scale; colourOf(value: number): Rgb };

const OUTLIERS = 0.02; // of the values at each end share the end's colour
const SAMPLE = 50_000; // values enough for quantiles

/** How many rows have each code, of those that the mask lets through. */
export function countsOf(codes: Uint16Array, n: number, mask: Uint8Array | null): Uint32Array {
  const counts = new Uint32Array(n);
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] !== NO_CODE && (mask === null || mask[row])) counts[codes[row]]++;
  }
  return counts;
}

/** A column's colours; `chosen` are the categories that the filters let through, none: all. */
export async function colouringOf(points: Points, name: string, chosen: string[], dark: boolean): Promise<Colouring | null> {
  const info = points.library.columns.find((column) => column.name === name);
  if (info === undefined) return null;
  const column = await points.column(name);
  return column.kind === "categorical" ? categorical(info, column, chosen, dark) : continuous(info, column, dark);
}

function categorical(info: ColumnInfo, { values, codes }: Extract<Column, { kind: "categorical" }>, chosen: string[], dark: boolean): Colouring {
  const counts = countsOf(codes, values.length, null);
  const order = Array.from(values.keys()).sort((a, b) => counts[b] - counts[a]);
  const { colours, rest } = categories(dark);
  const ofCode = new Map(order.slice(0, N_CATEGORIES).map((code, rank) => [code, colours[rank]]));
  const isChosen = (code: number) => chosen.includes(values[code]);
  const free = order.slice(0, N_CATEGORIES).filter((code) => !isChosen(code)); // their colours serve rarer ones while they are hidden
  const rare = chosen.length ? order.slice(N_CATEGORIES).filter(isChosen) : [];
  rare.slice(0, free.length).forEach((code, k) => ofCode.set(code, ofCode.get(free[k])!));
  if (rare.length) for (const code of free) ofCode.set(code, rest);
  return { kind: "categorical", info, values, codes, order, colourOf: (code) => ofCode.get(code) ?? rest };
}

function continuous(info: ColumnInfo, { numbers }: Extract<Column, { kind: "continuous" }>, dark: boolean): Colouring {
  const scale = scaleOf(info, numbers);
  const { rest } = categories(dark);
  const [first, last] = quantiles(numbers, OUTLIERS).map(scale.shareOf);
  const stretched = (value: number) => (scale.shareOf(value) - first) / (last - first || 1);
  const colourOf = (value: number) => (Number.isNaN(value) ? rest : gradient(stretched(value), dark));
  return { kind: "continuous", info, numbers, scale, colourOf };
}

/** The values below which a share of the known values lies, and above which another such share does. */
function quantiles(numbers: Float32Array, share: number): [number, number] {
  const step = Math.max(1, Math.floor(numbers.length / SAMPLE));
  const known = numbers.filter((number, row) => row % step === 0 && !Number.isNaN(number)).sort();
  const cut = Math.floor(known.length * share);
  return [known[cut] ?? 0, known[known.length - 1 - cut] ?? 0];
}

const SHADES = 512;

/** The colour of every row, n × 3 bytes. */
export function paint(colouring: Colouring, n: number): Uint8Array {
  const rgb = new Uint8Array(3 * n);
  if (colouring.kind === "categorical") {
    const table = colouring.values.map((_, code) => colouring.colourOf(code));
    const none = colouring.colourOf(NO_CODE);
    for (let row = 0; row < n; row++) put(rgb, row, table[colouring.codes[row]] ?? none);
    return rgb;
  }
  const { numbers, scale, colourOf } = colouring;
  const table = Array.from({ length: SHADES + 1 }, (_, shade) => colourOf(scale.valueAt(shade / SHADES)));
  const none = colourOf(NaN);
  for (let row = 0; row < n; row++) put(rgb, row, table[Math.round(scale.shareOf(numbers[row]) * SHADES)] ?? none);
  return rgb;
}

function put(rgb: Uint8Array, row: number, [red, green, blue]: Rgb): void {
  rgb[3 * row] = red;
  rgb[3 * row + 1] = green;
  rgb[3 * row + 2] = blue;
}
