// The picture of a sound: its waveform above its spectrogram, time from left to right.
// Comes in: an audio buffer, or at first only the catalogue's overview. Goes out: two drawn canvases.
import { extremes, FLOOR_DB, highestHz, LOWEST_HZ, mono, spectrogram } from "./spectrum";

const MOST_ROWS = 128;
const MOST_COLUMNS = 400;
const TICKS_HZ = [100, 1000, 10_000];
/** Dark to bright, evenly bright to the eye, for the colour-blind too (matplotlib's "magma"). */
const MAGMA = [
  [0, 0, 4], [28, 16, 68], [79, 18, 123], [129, 37, 129], [181, 54, 122],
  [229, 80, 100], [251, 135, 97], [254, 194, 135], [252, 253, 191],
] as const; // prettier-ignore

/** Draws the waveform of a decoded sound. */
export function drawWaveform(canvas: HTMLCanvasElement, buffer: AudioBuffer): void {
  const { width } = fit(canvas);
  drawExtremes(canvas, extremes(mono(buffer), width));
}

/** Draws the catalogue's overview: all minima, then all maxima, each in -128 to 127. */
export function drawOverview(canvas: HTMLCanvasElement, overview: readonly number[]): void {
  const { width } = fit(canvas);
  const columns = overview.length / 2;
  const pairs = new Float32Array(2 * width);
  for (let x = 0; x < width; x++) {
    const column = Math.floor((x * columns) / width);
    pairs[2 * x] = (overview[column] ?? 0) / 128;
    pairs[2 * x + 1] = (overview[columns + column] ?? 0) / 128;
  }
  drawExtremes(canvas, pairs);
}

function drawExtremes(canvas: HTMLCanvasElement, pairs: Float32Array): void {
  const context = canvas.getContext("2d")!;
  const { width, height } = canvas;
  const loudest = Math.max(1e-4, pairs.reduce((a, b) => Math.max(a, Math.abs(b)), 0));
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  for (let x = 0; x < width; x++) {
    const top = (0.5 - (0.48 * pairs[2 * x + 1]) / loudest) * height;
    const bottom = (0.5 - (0.48 * pairs[2 * x]) / loudest) * height;
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

/** Draws the spectrogram of a decoded sound, with a scale in Hz. */
export function drawSpectrogram(canvas: HTMLCanvasElement, buffer: AudioBuffer): void {
  const { width, height, ratio } = fit(canvas);
  const [rows, columns] = [Math.min(height, MOST_ROWS), Math.min(width, MOST_COLUMNS)];
  const levels = spectrogram(mono(buffer), buffer.sampleRate, rows, columns);
  const context = canvas.getContext("2d")!;
  context.drawImage(inColour(levels, rows, columns), 0, 0, width, height);
  drawScale(context, highestHz(buffer.sampleRate), ratio);
}

function inColour(levels: Float32Array, rows: number, columns: number): OffscreenCanvas {
  const image = new ImageData(columns, rows);
  levels.forEach((level, i) => {
    const row = rows - 1 - Math.floor(i / columns); // pictures begin at the top
    image.data.set(magma(1 - level / FLOOR_DB), 4 * (row * columns + (i % columns)));
  });
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas;
}

function magma(level: number): [number, number, number, number] {
  const place = level * (MAGMA.length - 1);
  const low = Math.min(Math.floor(place), MAGMA.length - 2);
  const [a, b] = [MAGMA[low], MAGMA[low + 1]];
  const mix = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * (place - low);
  return [mix(0), mix(1), mix(2), 255];
}

function drawScale(context: CanvasRenderingContext2D, highest: number, ratio: number): void {
  const { height } = context.canvas;
  const size = ratio * 0.72 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.fillStyle = "#ffffff";
  context.strokeStyle = "#000000";
  context.lineWidth = 3 * ratio;
  context.lineJoin = "round";
  for (const hz of TICKS_HZ.filter((tick) => tick < highest)) {
    const y = height * (1 - Math.log(hz / LOWEST_HZ) / Math.log(highest / LOWEST_HZ));
    const text = hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`;
    context.fillRect(0, y, 4 * ratio, ratio);
    context.strokeText(text, 7 * ratio, y); // an outline, so that it reads on bright and dark
    context.fillText(text, 7 * ratio, y);
  }
}

/** Gives the canvas as many pixels as it covers on the screen. */
function fit(canvas: HTMLCanvasElement): { width: number; height: number; ratio: number } {
  const ratio = Math.min(devicePixelRatio, 2);
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  canvas.width = width;
  canvas.height = height;
  return { width, height, ratio };
}
