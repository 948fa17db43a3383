// Values of a continuous column along a scale from 0 to 1, and as people read them: note names for
// pitches, round ticks, units.
import type { ColumnInfo } from "./source";

const NOTES = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

export function noteName(midi: number): string {
  const nearest = Math.round(midi);
  return `${NOTES[((nearest % 12) + 12) % 12]}${Math.floor(nearest / 12) - 1}`;
}

export interface Scale {
  low: number;
  high: number;
  info: ColumnInfo;
  shareOf(value: number): number;
  valueAt(share: number): number;
}

/** The scale over the values that are there; logarithmic columns need values above 0. */
export function scaleOf(info: ColumnInfo, numbers: Float32Array): Scale {
  const logarithmic = info.scale === "log";
  const [low, high] = extremes(numbers, logarithmic);
  const warp = logarithmic ? Math.log : (value: number) => value;
  const unwarp = logarithmic ? Math.exp : (value: number) => value;
  const span = warp(high) - warp(low) || 1;
  const shareOf = (value: number) => (warp(logarithmic ? Math.max(value, low) : value) - warp(low)) / span;
  const valueAt = (share: number) => (share <= 0 ? low : share >= 1 ? high : unwarp(warp(low) + share * span));
  return { low, high, info, shareOf, valueAt };
}

function extremes(numbers: Float32Array, positive: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (Number.isNaN(number) || (positive && number <= 0)) continue;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return low <= high ? [low, high] : positive ? [1, 1] : [0, 0];
}

/** A value as people read it: C4, 1.2 kHz, 35 ms. */
export function readable(value: number, { scale, unit }: ColumnInfo): string {
  if (scale === "pitch") return noteName(value);
  if (unit === "Hz" && value >= 1000) return `${rounded(value / 1000)} kHz`;
  if (unit === "s" && value < 0.1) return `${rounded(value * 1000)} ms`;
  return unit ? `${rounded(value)} ${unit}` : rounded(value);
}

function rounded(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Round values inside the scale, about `wanted` of them and so far apart that their labels fit. */
export function ticks(scale: Scale, wanted: number): number[] {
  if (scale.high <= scale.low) return [scale.low];
  if (scale.info.scale === "log") return logTicks(scale, wanted);
  const steps = scale.info.scale === "pitch" ? [1, 2, 3, 6, 12, 24, 36] : roundSteps(scale.high - scale.low);
  const step = steps.find((one) => (scale.high - scale.low) / one <= wanted) ?? steps[steps.length - 1];
  return multiples(step, scale.low, scale.high);
}

function roundSteps(span: number): number[] {
  const decade = 10 ** Math.floor(Math.log10(span) - 1);
  return [1, 2, 5, 10, 20, 50, 100].map((factor) => factor * decade);
}

function multiples(step: number, low: number, high: number): number[] {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
}

function logTicks({ low, high, shareOf }: Scale, wanted: number): number[] {
  const least = 0.9 / wanted; // share between two of them
  const decades = Array.from({ length: 14 }, (_, k) => 10 ** (k - 6));
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const inside = decades.flatMap((decade) => factors.map((factor) => factor * decade)).filter((tick) => tick >= low && tick <= high);
    const fits = inside.every((tick, k) => k === 0 || shareOf(tick) - shareOf(inside[k - 1]) >= least);
    if (fits || factors.length === 1) return inside;
  }
  return [];
}

/** How many values fall into each of `n` equal parts of the scale. */
export function histogram(scale: Scale, numbers: Float32Array, n: number): Uint32Array {
  const counts = new Uint32Array(n);
  for (const number of numbers) {
    if (!Number.isNaN(number)) counts[Math.min(n - 1, Math.max(0, Math.floor(scale.shareOf(number) * n)))]++;
  }
  return counts;
}
