// What draws the points: WebGL where the browser has it, a plain canvas where not.
// Colours come as bytes red, green, blue, state; the state says how a point is drawn.
import type { PerspectiveCamera } from "three";

export const GHOST = 0; // filtered out: faint, small, behind the others
export const SHOWN = 1;
export const SELECTED = 2; // with a ring, before the others

/** How the points look in this frame; colours are bytes. */
export interface Look {
  sizePx: number; // diameter of a point at distance 1 from the eye
  blend: number; // 0: where the points were, 1: where they are, between while they move
  share: number; // of the points, drawn while the map moves on a slow machine; 1 at rest
  depth: { near: number; far: number } | null; // fades between these distances; null: flat
  ground: [number, number, number];
  ink: [number, number, number];
}

export interface Painter {
  readonly canvas: HTMLCanvasElement;
  resize(width: number, height: number, pixelRatio: number): void;
  /** Positions (n × 3) from which and to which the points move. */
  setPositions(from: Float32Array, to: Float32Array): void;
  setColours(colours: Uint8Array): void;
  paint(camera: PerspectiveCamera, look: Look): void;
}

export const SMALLEST_PX = 1.5;
export const LARGEST_PX = 40;
export const DEEPEST_FADE = 0.65; // towards the ground, of the farthest points
export const GHOST_SHARE = 0.6; // of a shown point's diameter

export function diameterPx(sizePx: number, depth: number): number {
  return Math.min(LARGEST_PX, Math.max(SMALLEST_PX, sizePx / depth));
}
