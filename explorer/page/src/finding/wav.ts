// Samples as a WAV file (16 bits, one channel), which every decoder reads.

const HEADER_BYTES = 44;

export function wav(samples: Float32Array, sampleRateHz: number): ArrayBuffer {
  const bytes = new ArrayBuffer(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes);
  writeHeader(view, samples.length, sampleRateHz);
  samples.forEach((sample, i) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER_BYTES + 2 * i, Math.round(clipped * 32767), true);
  });
  return bytes;
}

function writeHeader(view: DataView, nSamples: number, sampleRateHz: number): void {
  const name = (offset: number, text: string) =>
    [...text].forEach((letter, i) => view.setUint8(offset + i, letter.charCodeAt(0)));
  name(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + 2 * nSamples, true);
  name(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // bytes of the format that follows
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, 2 * sampleRateHz, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  name(36, "data");
  view.setUint32(40, 2 * nSamples, true);
}
