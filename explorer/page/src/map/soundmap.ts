// The map of sounds: joins the stage to the store. A click focuses a sound, shift-click and the
// lasso choose several, the pointer names what it rests on.
import { calm } from "../motion";
import type { Points } from "../points";
import type { Camera, Store } from "../state";
import { Choosing } from "./choosing";
import { groupsOf, type Group } from "./labels";
import type { Drawing, Place } from "./overlay";
import { SELECTED, SHOWN } from "./painter";
import { Stage } from "./stage";

const MOST_GROUPS = 60; // labels that are considered at all
const LABEL_ABOVE_PX = 10; // so that a small group's dots are not under its name

export class SoundMap {
  readonly shown: Uint8Array; // 1 for each row that the filters let through
  readonly stage: Stage;
  private readonly choosing: Choosing;
  private readonly colours: Uint8Array;
  private groups: Group[] = [];
  private grouping: { codes: Uint16Array; values: string[] } | null = null;
  private lastCamera: Camera | null = null; // what the store was told
  private marked: { positions: Record<string, number[]>; label: string } | null = null;

  constructor(
    readonly store: Store,
    readonly points: Points,
    readonly element: HTMLElement,
  ) {
    this.shown = new Uint8Array(points.n).fill(SHOWN);
    this.colours = new Uint8Array(4 * points.n).fill(128);
    this.stage = new Stage(element, points.n, () => this.drawing(), (camera) => this.tellCamera(camera));
    if (calm()) store.set({ rotate: false }); // an address may ask for it; only a press starts it then
    store.on(["focus", "hits", "liked", "unliked"], () => this.stage.draw());
    store.on(["selection"], () => this.paintStates());
    store.on(["rotate"], ({ rotate }) => this.rotate(rotate));
    store.on(["camera"], ({ camera }) => camera !== this.lastCamera && this.stage.view.set(camera));
    this.choosing = new Choosing(store, points, this.stage, this.shown);
  }

  private tellCamera(camera: Camera | null): void {
    this.lastCamera = camera;
    this.store.set({ camera });
  }

  private rotate(on: boolean): void {
    this.stage.view.rotating = on;
    this.stage.draw();
  }

  // What the page tells the map

  /** Show a projection; the camera stays when `keepView`, else the whole map comes into view. */
  showProjection(positions: Float32Array, dimensions: 2 | 3, keepView: boolean): void {
    this.stage.moveTo(positions, dimensions);
    this.stage.view.set(keepView ? this.store.state.camera : null);
    if (!keepView) this.tellCamera(null);
    this.rotate(this.store.state.rotate);
    this.regroup();
  }

  /** Colour each row by `rgb` (n × 3 bytes); name the groups of a categorical column. */
  showColours(rgb: Uint8Array, grouping: { codes: Uint16Array; values: string[] } | null): void {
    for (let row = 0; row < this.points.n; row++) {
      for (let channel = 0; channel < 3; channel++) this.colours[4 * row + channel] = rgb[3 * row + channel];
    }
    this.grouping = grouping;
    this.regroup();
    this.paintStates();
  }

  /** Let only some rows through; the others stay as faint dots that cannot be picked. */
  showOnly(mask: Uint8Array): void {
    this.shown.set(mask);
    this.regroup();
    this.paintStates();
    this.stage.changed();
  }

  /** Draw a distinct marker for a sound that is not of the library; null takes it away. */
  mark(positions: Record<string, number[]> | null, label: string): void {
    this.marked = positions && { positions, label };
    this.stage.draw();
  }

  /** Bring a sound into view when it is not. */
  reveal(id: number): void {
    const row = this.points.rowOf(id);
    const place = row === undefined ? null : this.placeOf(row);
    const margin = 24;
    const { width, height } = this.stage;
    const seen = place && place.x > margin && place.y > margin && place.x < width - margin && place.y < height - margin;
    if (row !== undefined && !seen) this.stage.view.lookAt(...this.positionOf(row));
  }

  get lassoing(): boolean {
    return this.choosing.lassoing;
  }

  /** Whether a drag draws around sounds rather than moving the map. */
  set lassoing(on: boolean) {
    this.choosing.lassoing = on;
    this.stage.view.enabled = !on;
    this.element.classList.toggle("lassoing", on);
  }

  fit(): void {
    this.stage.view.fit();
    this.tellCamera(null);
    this.stage.changed();
  }

  selectShown(): void {
    this.choosing.select(Array.from(this.shown.keys()).filter((row) => this.shown[row]), false);
  }

  // What the page asks the map

  /** CSS pixels from the map's upper left corner, [x0, y0, x1, y1, …]; NaN for what is filtered out or behind the eye. */
  screenPositions(): Float32Array {
    const { xy, depth } = this.stage.screen();
    const places = xy.slice();
    for (let row = 0; row < this.points.n; row++) {
      if (!this.shown[row] || depth[row] <= 0) places[2 * row] = places[2 * row + 1] = NaN;
    }
    return places;
  }

  /** Each click or tap on a sound, also when it is the focus already. */
  onPick(listener: (id: number) => void): void {
    this.choosing.pickListeners.push(listener);
  }

  /** The sound that the pointer rests on; null when on none. */
  onHover(listener: (id: number | null) => void): void {
    this.choosing.hoverListeners.push(listener);
  }

  private positionOf(row: number): [number, number, number] {
    const { positions } = this.stage;
    return [positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]];
  }

  private placeOf(row: number) {
    return this.stage.placeOf(this.positionOf(row));
  }

  private placesOf(ids: number[]): Place[] {
    const rows = ids.map((id) => this.points.rowOf(id)).filter((row) => row !== undefined);
    return rows.map((row) => this.placeOf(row)).filter((place) => place !== null);
  }

  private drawing(): Drawing {
    const { focus, hits, liked, projection } = this.store.state;
    const { hovered, line } = this.choosing;
    const focusRow = focus === null ? undefined : this.points.rowOf(focus);
    const named = (row: number) => {
      const place = this.placeOf(row);
      return place && { ...place, radius: this.stage.radiusAt(place.depth), name: this.points.name(row) };
    };
    const marked = this.marked?.positions[projection];
    const mark = marked ? this.stage.placeOf(marked.map((x) => x - 0.5)) : null;
    return {
      focus: focusRow === undefined ? null : named(focusRow),
      hover: hovered === null ? null : named(hovered),
      hits: this.placesOf(hits.map((hit) => hit.id)),
      from: mark && hits.length && !liked.length ? [mark] : this.placesOf(liked.length ? liked : focus === null ? [] : [focus]),
      mark: mark && { ...mark, name: this.marked!.label },
      labels: this.groups.flatMap(({ text, at, weight }) => {
        const place = this.stage.placeOf(at);
        return place ? [{ text, weight, x: place.x, y: place.y - this.stage.radiusAt(place.depth) - LABEL_ABOVE_PX }] : [];
      }),
      lasso: line,
    };
  }

  private regroup(): void {
    const { grouping, shown, stage } = this;
    this.groups = grouping ? groupsOf(grouping.codes, grouping.values, shown, stage.positions) : [];
    this.groups = this.groups.sort((a, b) => b.weight - a.weight).slice(0, MOST_GROUPS);
  }

  private paintStates(): void {
    for (let row = 0; row < this.points.n; row++) this.colours[4 * row + 3] = this.shown[row];
    for (const id of this.store.state.selection) {
      const row = this.points.rowOf(id);
      if (row !== undefined && this.shown[row]) this.colours[4 * row + 3] = SELECTED;
    }
    this.stage.setColours(this.colours);
  }
}
