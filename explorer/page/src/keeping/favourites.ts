// The favourites: which sounds are, and making a sound one.
// Comes in: sound ids. Goes out: a "change" event; the catalogue keeps them.
import { announce } from "../announce";
import type { Points } from "../points";
import { NO_CODE, type Column, type Source } from "../source";

export class Favourites extends EventTarget {
  private ids = new Set<number>();

  constructor(
    private readonly source: Source,
    private readonly points: Points,
  ) {
    super();
    void this.read();
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  get all(): number[] {
    return [...this.ids];
  }

  /** Makes all of them favourites, or none of them where all are already. */
  async toggle(ids: number[]): Promise<void> {
    const inLibrary = ids.filter((id) => this.points.rowOf(id) !== undefined);
    if (inLibrary.length === 0) return;
    const on = inLibrary.some((id) => !this.ids.has(id));
    try {
      await this.source.favourite(inLibrary, on);
    } catch (error) {
      announce(`Not saved: ${(error as Error).message}`);
      return;
    }
    for (const id of inLibrary) on ? this.ids.add(id) : this.ids.delete(id);
    announce(spoken(inLibrary.length, on));
    this.points.forget("favourite");
    this.dispatchEvent(new Event("change"));
  }

  private async read(): Promise<void> {
    const column = await this.points.column("favourite").catch(() => null);
    if (column === null) return;
    this.ids = new Set(this.points.ids.filter((_, row) => isFavourite(column, row)));
    this.dispatchEvent(new Event("change"));
  }
}

function isFavourite(column: Column, row: number): boolean {
  return column.kind === "continuous" ? column.numbers[row] === 1 : column.codes[row] !== NO_CODE;
}

function spoken(n: number, on: boolean): string {
  const sounds = n === 1 ? "sound" : `${n} sounds`;
  return on ? `Favourite ${sounds} added.` : `Favourite ${sounds} removed.`;
}
