// The canvases of the map and when they are drawn: only when something changed, and in every
// frame while the map turns, glides or its points move to another projection.
import { extentOf } from "./extent";
import { Overlay, type Drawing, type Inks } from "./overlay";
import { diameterPx, type Look, type Painter } from "./painter";
import { PlainPainter } from "./plain";
import { project, projectOne, ScreenGrid, type Projected } from "./screen";
import { View } from "./view";
import { WebglPainter } from "./webgl";
import { element } from "../dom";
import { calm } from "../motion";
import { notify } from "../notice";
import type { Camera } from "../state";

const MOVE_MS = 700; // for the points to reach another projection
const MOST_PIXELS = 2; // per CSS pixel
const LATE_MS = 45; // a frame that took longer than this stutters
const EARLY_MS = 25;
const FEWEST = 20_000; // points that are always drawn

function bytesOf(colour: string): [number, number, number] {
  const context = document.createElement("canvas").getContext("2d")!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

export class Stage {
  readonly view: View;
  readonly hasWebgl: boolean;
  positions: Float32Array;
  width = 1;
  height = 1;
  private readonly painter: Painter;
  private readonly overlay: Overlay;
  private inks: Inks = { ink: "#fff", ground: "#000", accent: "#88f" };
  private look: Look = { sizePx: 1, blend: 1, share: 1, depth: null, ground: [0, 0, 0], ink: [255, 255, 255] };
  private flat = false;
  private moveStart = -Infinity;
  private frame = 0;
  private lastFrame = 0;
  private moving = false;
  private projected: Projected | null = null;
  private grid: ScreenGrid | null = null;

  constructor(
    readonly element: HTMLElement,
    private readonly n: number,
    private readonly drawingOf: () => Drawing,
    onMoved: (camera: Camera | null) => void,
  ) {
    this.positions = new Float32Array(3 * n);
    this.painter = this.openPainter();
    this.hasWebgl = this.painter instanceof WebglPainter;
    const over = element.appendChild(canvasOf("overlay"));
    this.overlay = new Overlay(over);
    this.view = new View(element, () => this.changed(), onMoved);
    this.painter.setPositions(this.positions, this.positions);
    new ResizeObserver(() => this.resize()).observe(element);
    this.takeTheme();
  }

  private openPainter(): Painter {
    const canvas = this.element.appendChild(canvasOf("points"));
    try {
      const painter = new WebglPainter(canvas, this.n);
      canvas.addEventListener("webglcontextlost", () => notify({ text: "The browser took the graphics away. The map comes back with them.", isError: true }));
      canvas.addEventListener("webglcontextrestored", () => {
        notify(null);
        this.draw();
      });
      return painter;
    } catch {
      canvas.remove(); // a canvas that was asked for WebGL gives no other context
      return new PlainPainter(this.element.appendChild(canvasOf("points")));
    }
  }

  private resize(): void {
    const box = this.element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return;
    [this.width, this.height] = [box.width, box.height];
    const ratio = Math.min(MOST_PIXELS, devicePixelRatio);
    this.painter.resize(this.width, this.height, ratio);
    this.overlay.resize(this.width, this.height, ratio);
    this.view.resize(this.width, this.height);
    this.changed();
    this.paint(); // at once: a resized canvas is empty
  }

  /** Read the colours of the theme from the page's style. */
  takeTheme(): void {
    const style = getComputedStyle(document.documentElement);
    const named = (name: string) => style.getPropertyValue(name).trim();
    this.inks = { ink: named("--ink"), ground: named("--map"), accent: named("--accent") };
    this.look.ground = bytesOf(this.inks.ground);
    this.look.ink = bytesOf(this.inks.ink);
    this.draw();
  }

  /** Move the points to positions (n × dimensions) in the unit cube. */
  moveTo(positions: Float32Array, dimensions: 2 | 3): void {
    const from = this.positions;
    this.positions = new Float32Array(3 * this.n);
    for (let row = 0; row < this.n; row++) {
      for (let axis = 0; axis < dimensions; axis++) this.positions[3 * row + axis] = positions[dimensions * row + axis] - 0.5;
    }
    this.flat = dimensions === 2;
    this.view.setMap(dimensions, extentOf(this.positions));
    this.painter.setPositions(from, this.positions);
    if (!calm()) [this.moveStart, this.look.blend] = [performance.now(), 0];
    this.changed();
  }

  setColours(colours: Uint8Array): void {
    this.painter.setColours(colours);
    this.draw();
  }

  /** What was under the pointer may no longer be. */
  changed(): void {
    this.projected = null;
    this.grid = null;
    this.draw();
  }

  draw(): void {
    this.frame ||= requestAnimationFrame((now) => {
      this.frame = 0;
      const moving = this.view.update() || this.look.blend < 1;
      this.look.share = this.shareFor(now, moving);
      this.paint();
      if (moving || this.look.share < 1) this.draw();
    });
  }

  /** While the map moves: fewer points when frames come late, more when there is time; at rest all. */
  private shareFor(now: number, moving: boolean): number {
    const took = this.moving ? now - this.lastFrame : LATE_MS;
    [this.lastFrame, this.moving] = [now, moving];
    if (!moving) return 1;
    const { share } = this.look;
    if (took > LATE_MS) return Math.max(Math.min(1, FEWEST / this.n), share * Math.max(0.2, LATE_MS / took));
    return took < EARLY_MS ? Math.min(1, 1.1 * share) : share;
  }

  private paint(): void {
    const share = Math.min(1, (performance.now() - this.moveStart) / MOVE_MS);
    this.look.blend = share * share * (3 - 2 * share);
    this.look.sizePx = this.sizePx();
    const middle = this.view.targetDistance;
    this.look.depth = this.flat ? null : { near: Math.max(0, middle - this.view.reach), far: middle + 1.4 * this.view.reach };
    this.painter.paint(this.view.camera, this.look);
    this.overlay.paint(this.drawingOf(), this.inks);
  }

  /** Points fill a like share of the screen however many they are, and grow slower than the map when zoomed. */
  private sizePx(): number {
    const share = 0.52 * Math.sqrt((0.5 * this.width * this.height) / Math.max(1, this.n));
    const largest = 8 * Math.sqrt(Math.max(1, Math.min(this.width, this.height) / 900));
    const fitted = Math.min(largest, Math.max(2.4, share));
    return fitted * Math.sqrt(this.view.fitDistance * this.view.targetDistance);
  }

  radiusAt(depth: number): number {
    return diameterPx(this.look.sizePx, depth) / 2;
  }

  /** One place of the map on the screen; null behind the eye. */
  placeOf(at: ArrayLike<number>) {
    return projectOne(at, this.view.camera, this.width, this.height);
  }

  screen(): Projected {
    this.projected ??= project(this.positions, this.view.camera, this.width, this.height);
    return this.projected;
  }

  gridOf(shown: Uint8Array): ScreenGrid {
    this.grid ??= new ScreenGrid(this.screen(), shown, this.width, this.height);
    return this.grid;
  }
}

function canvasOf(name: string): HTMLCanvasElement {
  return element("canvas", { className: name, "aria-hidden": "true" });
}
