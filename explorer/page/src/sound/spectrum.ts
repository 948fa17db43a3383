// Spectra of a sound, for looking at.
// Comes in: samples of one channel. Goes out: levels in dB below the loudest, in rows of equal musical
// width (log frequency) and columns of equal time; and the lowest and highest sample of each column.

const FFT_SAMPLES = 2048;

export const LOWEST_HZ = 40;
export const FLOOR_DB = -72;

/** Cosines and sines of half a turn backwards, for a transform of `n` samples. */
interface Turns {
  cos: Float32Array;
  sin: Float32Array;
}

export function turnsOf(n: number): Turns {
  const angles = Float32Array.from({ length: n / 2 }, (_, k) => (-2 * Math.PI * k) / n);
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
}

/** The Fourier transform of `re + i im`, in place; their length is a power of two. */
export function fft(re: Float32Array, im: Float32Array, turns: Turns): void {
  reverseBits(re, im);
  for (let half = 1; half < re.length; half *= 2) butterflies(re, im, half, turns);
}

function reverseBits(re: Float32Array, im: Float32Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) swap(re, im, i, j);
  }
}

function swap(re: Float32Array, im: Float32Array, i: number, j: number): void {
  const [r, m] = [re[i], im[i]];
  re[i] = re[j];
  im[i] = im[j];
  re[j] = r;
  im[j] = m;
}

function butterflies(re: Float32Array, im: Float32Array, half: number, { cos, sin }: Turns): void {
  const step = cos.length / half;
  for (let from = 0; from < re.length; from += 2 * half) {
    for (let k = 0; k < half; k++) {
      const a = from + k;
      const b = a + half;
      const r = re[b] * cos[k * step] - im[b] * sin[k * step];
      const i = re[b] * sin[k * step] + im[b] * cos[k * step];
      re[b] = re[a] - r;
      im[b] = im[a] - i;
      re[a] += r;
      im[a] += i;
    }
  }
}

/** The highest frequency drawn: the sound's own limit, or that of hearing. */
export function highestHz(sampleRateHz: number): number {
  return Math.min(sampleRateHz / 2, 16_000);
}

/** Levels in dB, `rows` × `columns`, the lowest row first; the loudest is 0, the floor FLOOR_DB.
 *
 * A column is the windowed spectrum around its middle. A row that spans several bins shows the
 * loudest of them; one that is narrower than a bin, the level between its neighbours.
 */
export function spectrogram(
  samples: Float32Array,
  sampleRateHz: number,
  rows: number,
  columns: number,
): Float32Array {
  const levels = new Float32Array(rows * columns);
  const edges = rowEdges(sampleRateHz, rows);
  const power = powerSpectra(samples);
  for (let column = 0; column < columns; column++) {
    const middle = ((column + 0.5) / columns) * samples.length;
    const bins = power(Math.round(middle - FFT_SAMPLES / 2));
    for (let row = 0; row < rows; row++) {
      levels[row * columns + column] = rowPower(bins, edges[row], edges[row + 1]);
    }
  }
  return inDecibels(levels);
}

/** Gives the power in each bin of the windowed samples from some place on; its array is used again. */
function powerSpectra(samples: Float32Array): (from: number) => Float32Array {
  const window = hann(FFT_SAMPLES);
  const turns = turnsOf(FFT_SAMPLES);
  const [re, im] = [new Float32Array(FFT_SAMPLES), new Float32Array(FFT_SAMPLES)];
  const bins = new Float32Array(FFT_SAMPLES / 2 + 1);
  return (from) => {
    re.fill(0);
    im.fill(0);
    const last = Math.min(FFT_SAMPLES, samples.length - from);
    for (let i = Math.max(0, -from); i < last; i++) re[i] = samples[from + i] * window[i];
    fft(re, im, turns);
    for (let bin = 0; bin < bins.length; bin++) bins[bin] = re[bin] * re[bin] + im[bin] * im[bin];
    return bins;
  };
}

function hann(n: number): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
}

/** The rows' edges, in bins. */
function rowEdges(sampleRateHz: number, rows: number): number[] {
  const ratio = highestHz(sampleRateHz) / LOWEST_HZ;
  const binsPerHz = FFT_SAMPLES / sampleRateHz;
  return Array.from({ length: rows + 1 }, (_, i) => LOWEST_HZ * ratio ** (i / rows) * binsPerHz);
}

function rowPower(power: Float32Array, low: number, high: number): number {
  const last = Math.min(Math.floor(high), power.length - 1);
  let loudest = 0;
  for (let bin = Math.ceil(low); bin <= last; bin++) loudest = Math.max(loudest, power[bin]);
  if (Math.ceil(low) <= last) return loudest;
  const bin = Math.min(Math.floor((low + high) / 2), power.length - 2);
  const part = (low + high) / 2 - bin;
  return power[bin] * (1 - part) + power[bin + 1] * part;
}

function inDecibels(power: Float32Array): Float32Array {
  const loudest = power.reduce((a, b) => Math.max(a, b), 0);
  if (loudest === 0) return power.fill(FLOOR_DB);
  return power.map((value) => Math.max(FLOOR_DB, 10 * Math.log10(value / loudest + 1e-12)));
}

/** The lowest and highest sample of each column, `[low0, high0, low1, …]`. */
export function extremes(samples: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(2 * columns);
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * samples.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / columns));
    let low = Infinity;
    let high = -Infinity;
    for (let i = from; i < Math.min(to, samples.length); i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    out[2 * column] = low === Infinity ? 0 : low;
    out[2 * column + 1] = high === -Infinity ? 0 : high;
  }
  return out;
}

/** All channels as one; the buffer's own samples where it has one channel. */
export function mono(buffer: AudioBuffer): Float32Array {
  if (buffer.numberOfChannels === 1) return buffer.getChannelData(0);
  const mixed = new Float32Array(buffer.length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    const samples = buffer.getChannelData(channel);
    for (let i = 0; i < mixed.length; i++) mixed[i] += samples[i] / buffer.numberOfChannels;
  }
  return mixed;
}
