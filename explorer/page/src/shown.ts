// Which rows the filters let through.
import type { Points } from "./points";
import type { Column } from "./source";
import type { State } from "./state";

const SEARCHED = ["instrument", "family", "source", "tag"]; // besides names, by the text filter

type Mask = Uint8Array;

function keepRange(mask: Mask, column: Column, [low, high]: [number, number]): void {
  if (column.kind !== "continuous") return;
  const { numbers } = column;
  for (let row = 0; row < mask.length; row++) if (!(numbers[row] >= low && numbers[row] <= high)) mask[row] = 0;
}

function keepValues(mask: Mask, column: Column, wanted: (value: string) => boolean): void {
  if (column.kind !== "categorical") return;
  const keeps = column.values.map(wanted);
  for (let row = 0; row < mask.length; row++) if (!keeps[column.codes[row]]) mask[row] = 0;
}

/** Every word must stand in the name or in one of the searched columns. */
function keepWords(mask: Mask, points: Points, words: string[], columns: Column[]): void {
  for (const word of words) {
    const tables = columns.map((column) =>
      column.kind === "categorical" ? { codes: column.codes, matches: column.values.map((value) => value.toLowerCase().includes(word)) } : null,
    );
    for (let row = 0; row < mask.length; row++) {
      if (!mask[row] || points.name(row).toLowerCase().includes(word)) continue;
      if (!tables.some((table) => table?.matches[table.codes[row]])) mask[row] = 0;
    }
  }
}

/** 1 for each row that passes all filters, but for those on the column `except` (its legend counts by this). */
export async function shownRows(points: Points, state: Readonly<State>, except = ""): Promise<Mask> {
  const known = (name: string) => points.library.columns.some((column) => column.name === name);
  const mask: Mask = new Uint8Array(points.n).fill(1);
  const { filters, folder, favouritesOnly, words } = state;
  if (folder !== null && known("folder")) keepValues(mask, await points.column("folder"), (value) => value === folder);
  if (favouritesOnly && known("favourite")) keepValues(mask, await points.column("favourite"), () => true);
  for (const [name, range] of Object.entries(filters.ranges)) {
    if (name !== except && known(name)) keepRange(mask, await points.column(name), range);
  }
  for (const [name, values] of Object.entries(filters.only)) {
    if (name !== except && known(name)) keepValues(mask, await points.column(name), (value) => values.includes(value));
  }
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length) keepWords(mask, points, wanted, await Promise.all(SEARCHED.filter(known).map((name) => points.column(name))));
  return mask;
}

export function countOf(mask: Mask): number {
  let count = 0;
  for (const shown of mask) count += shown;
  return count;
}

export function isFiltered({ filters, folder, favouritesOnly, words }: Readonly<State>): boolean {
  const columns = Object.keys(filters.ranges).length + Object.keys(filters.only).length;
  return columns > 0 || folder !== null || favouritesOnly || words.trim() !== "";
}
