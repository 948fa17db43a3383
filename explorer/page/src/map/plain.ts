// The points on a plain 2-D canvas, for browsers without WebGL: the same map, slower.
import type { PerspectiveCamera } from "three";
import { DEEPEST_FADE, diameterPx, GHOST, GHOST_SHARE, SELECTED, SMALLEST_PX, type Look, type Painter } from "./painter";
import { project } from "./screen";

export class PlainPainter implements Painter {
  private readonly context: CanvasRenderingContext2D;
  private positions: Float32Array = new Float32Array(0);
  private colours: Uint8Array = new Uint8Array(0);
  private width = 1;
  private height = 1;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
    this.context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  }

  setPositions(_from: Float32Array, to: Float32Array): void {
    this.positions = to;
  }

  setColours(colours: Uint8Array): void {
    this.colours = colours;
  }

  paint(camera: PerspectiveCamera, look: Look): void {
    this.context.fillStyle = `rgb(${look.ground})`;
    this.context.fillRect(0, 0, this.width, this.height);
    const { xy, depth } = project(this.positions, camera, this.width, this.height);
    const rows = Array.from(depth.keys()).filter((row) => depth[row] > 0);
    const layer = (row: number) => Math.min(this.colours[4 * row + 3], 1);
    rows.sort((a, b) => layer(a) - layer(b) || depth[b] - depth[a]);
    for (const row of rows) this.dot(xy[2 * row], xy[2 * row + 1], depth[row], row, look);
  }

  private dot(x: number, y: number, depth: number, row: number, look: Look): void {
    const [red, green, blue, state] = this.colours.subarray(4 * row, 4 * row + 4);
    const diameter = diameterPx(look.sizePx, depth) * (state === GHOST ? GHOST_SHARE : 1);
    const side = Math.max(SMALLEST_PX, diameter * 0.9);
    const fade = look.depth ? DEEPEST_FADE * Math.min(1, Math.max(0, (depth - look.depth.near) / (look.depth.far - look.depth.near))) : 0;
    this.context.globalAlpha = state === GHOST ? 0.13 : 1 - fade;
    this.context.fillStyle = state === GHOST ? `rgb(${look.ink})` : `rgb(${red},${green},${blue})`;
    this.context.fillRect(x - side / 2, y - side / 2, side, side);
    this.context.globalAlpha = 1;
    if (state !== SELECTED) return;
    this.context.strokeStyle = `rgb(${look.ink})`;
    this.context.strokeRect(x - side / 2 - 2, y - side / 2 - 2, side + 4, side + 4);
  }
}
