// The points of the map: ids in point order, names, and one value per point for each column,
// fetched when first asked for. A row is a place in the point order; it never changes while the page is open.
import { NO_CODE, type Column, type LibraryInfo, type Names, type Source } from "./source";

export class Points {
  private rows = new Map<number, number>();
  private columns = new Map<string, Promise<Column>>();
  private forgetListeners: ((name: string) => void)[] = [];

  constructor(
    private readonly source: Source,
    readonly library: LibraryInfo,
    readonly ids: Uint32Array,
    private readonly names: Names,
  ) {
    ids.forEach((id, row) => this.rows.set(id, row));
  }

  static async of(source: Source): Promise<Points> {
    const library = await source.library();
    const [ids, names] = await Promise.all([source.ids(), source.names()]);
    return new Points(source, library, ids, names);
  }

  get n(): number {
    return this.ids.length;
  }

  /** The row of a sound; undefined when the map does not show it. */
  rowOf(id: number): number | undefined {
    return this.rows.get(id);
  }

  name(row: number): string {
    return this.names.names[row];
  }

  folder(row: number): string {
    return this.names.folder_names[this.names.folders[row]] ?? "";
  }

  column(name: string): Promise<Column> {
    let column = this.columns.get(name);
    if (column === undefined) {
      column = this.source.column(name).then((fetched) => (name === "favourite" ? asFavourites(fetched) : fetched));
      column.catch(() => this.columns.delete(name));
      this.columns.set(name, column);
    }
    return column;
  }

  /** Fetch a column anew when it is next asked for: tags or favourites were changed. */
  forget(name: string): void {
    this.columns.delete(name);
    for (const listener of this.forgetListeners) listener(name);
  }

  onForget(listener: (name: string) => void): void {
    this.forgetListeners.push(listener);
  }

  /** For a line of text: the sound's value of a categorical column, or nothing. */
  async valueOf(name: string, row: number): Promise<string | null> {
    const column = await this.column(name);
    if (column.kind !== "categorical" || column.codes[row] === NO_CODE) return null;
    return column.values[column.codes[row]];
  }
}

/** Favourites as a category, whichever way they come. */
function asFavourites(column: Column): Column {
  if (column.kind === "categorical") return column;
  return { kind: "categorical", values: ["favourite"], codes: Uint16Array.from(column.numbers, (on) => (on > 0 ? 0 : NO_CODE)) };
}
