// What the pointer chooses: the sound it rests on, the one it clicks, those it draws a lasso around.
import { announce } from "../announce";
import type { Points } from "../points";
import type { Store } from "../state";
import { watchPointer } from "./pointer";
import type { Stage } from "./stage";

const REACH_PX = { mouse: 8, touch: 20, pen: 12 } as Record<string, number>;

export class Choosing {
  hovered: number | null = null; // the row that the pointer rests on
  line: number[] = []; // of the lasso while it is drawn
  lassoing = false;
  readonly pickListeners: ((id: number) => void)[] = [];
  readonly hoverListeners: ((id: number | null) => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly points: Points,
    private readonly stage: Stage,
    private readonly shown: Uint8Array,
  ) {
    watchPointer(stage.element, {
      lassoing: () => this.lassoing,
      hover: (x, y, { pointerType }) => this.hover(x === null ? null : this.rowAt(x, y, pointerType)),
      click: (x, y, { pointerType }, adds) => this.click(this.rowAt(x, y, pointerType), adds),
      lasso: (line, done, adds) => this.lasso(line, done, adds),
    });
  }

  private rowAt(x: number, y: number, pointer: string): number | null {
    const radiusOf = (depth: number) => this.stage.radiusAt(depth);
    return this.stage.gridOf(this.shown).pick(x, y, REACH_PX[pointer] ?? REACH_PX.mouse, radiusOf);
  }

  private hover(row: number | null): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.stage.element.classList.toggle("on-sound", row !== null);
    for (const listener of this.hoverListeners) listener(row === null ? null : this.points.ids[row]);
    this.stage.draw();
  }

  private click(row: number | null, adds: boolean): void {
    if (row === null) return;
    const id = this.points.ids[row];
    const { selection } = this.store.state;
    const toggled = selection.includes(id) ? selection.filter((one) => one !== id) : [...selection, id];
    this.store.set(adds ? { focus: id, selection: toggled } : { focus: id });
    for (const listener of this.pickListeners) listener(id);
  }

  private lasso(line: number[], done: boolean, adds: boolean): void {
    this.line = done ? [] : line;
    if (done && line.length >= 6) this.select(this.stage.gridOf(this.shown).inside(line), adds);
    this.stage.draw();
  }

  /** Select rows, beside those that are selected already or instead of them. */
  select(rows: number[], adds: boolean): void {
    const ids = rows.map((row) => this.points.ids[row]);
    const selection = adds ? [...new Set([...this.store.state.selection, ...ids])] : ids;
    this.store.set({ selection });
    announce(`${selection.length.toLocaleString("en")} sounds selected.`);
  }
}
