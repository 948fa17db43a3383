// How much louder or softer a sound is played, so that all sound about alike.
// Comes in: a sound's loudness in LUFS and its peak. Goes out: a gain, never one that clips.

const TARGET_LUFS = -20;
const HIGHEST_PEAK = 0.89; // -1 dBFS
const HIGHEST_GAIN = 16; // 24 dB: beyond that one hears the noise

export function levellingGain(loudnessLufs: number | null, peak: number): number {
  if (loudnessLufs === null || !Number.isFinite(loudnessLufs) || peak === 0) return 1;
  const wanted = 10 ** ((TARGET_LUFS - loudnessLufs) / 20);
  return Math.min(wanted, HIGHEST_GAIN, HIGHEST_PEAK / peak);
}

export function peakOf(buffer: AudioBuffer): number {
  let peak = 0;
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    for (const sample of buffer.getChannelData(channel)) peak = Math.max(peak, Math.abs(sample));
  }
  return peak;
}
