// Decoded sounds, kept ready.
// Comes in: sound ids. Goes out: audio buffers. The latest used stay, up to a number of bytes; those
// that will likely be wanted next are decoded ahead, a few at a time, and never in front of a click.

const KEPT_BYTES = 192 * 2 ** 20;
const AHEAD_AT_ONCE = 3;

/** Decodes outside of the context that plays, so that nothing waits for a first gesture. */
const decoder = new OfflineAudioContext(1, 1, 48_000);

export type Fetch = (id: number) => Promise<ArrayBuffer>;

export class Decoded {
  private readonly buffers = new Map<number, AudioBuffer>(); // oldest use first
  private readonly underway = new Map<number, Promise<AudioBuffer>>();
  private wanted: number[] = [];
  private running = 0;
  private bytes = 0;

  constructor(private readonly fetchAudio: Fetch) {}

  /** The sound's audio: at once when it is here, else fetched and decoded. */
  get(id: number): Promise<AudioBuffer> {
    const here = this.buffers.get(id);
    if (here) {
      this.buffers.delete(id);
      this.buffers.set(id, here);
      return Promise.resolve(here);
    }
    return this.underway.get(id) ?? this.load(id);
  }

  /** Decodes these ahead, in this order, instead of what was wanted before. */
  ahead(ids: number[]): void {
    this.wanted = ids.filter((id) => !this.buffers.has(id) && !this.underway.has(id));
    while (this.running < AHEAD_AT_ONCE && this.wanted.length > 0) void this.work();
  }

  private async work(): Promise<void> {
    this.running++;
    for (let id = this.wanted.shift(); id !== undefined; id = this.wanted.shift()) {
      await this.get(id).catch(() => undefined); // told to the person when they play it
    }
    this.running--;
  }

  private load(id: number): Promise<AudioBuffer> {
    const loading = this.fetchAudio(id)
      .then((encoded) => decode(encoded))
      .then((buffer) => this.keep(id, buffer))
      .finally(() => this.underway.delete(id));
    this.underway.set(id, loading);
    return loading;
  }

  private keep(id: number, buffer: AudioBuffer): AudioBuffer {
    this.buffers.set(id, buffer);
    this.bytes += sizeOf(buffer);
    for (const [oldest, old] of this.buffers) {
      if (this.bytes <= KEPT_BYTES || oldest === id) break;
      this.buffers.delete(oldest);
      this.bytes -= sizeOf(old);
    }
    return buffer;
  }
}

/** Decodes an encoded sound; the error says what a person can do. */
export async function decode(encoded: ArrayBuffer): Promise<AudioBuffer> {
  try {
    return await decoder.decodeAudioData(encoded);
  } catch {
    throw new Error("This browser cannot decode the sound's format. Try WAV, FLAC, OGG or MP3.");
  }
}

function sizeOf(buffer: AudioBuffer): number {
  return buffer.length * buffer.numberOfChannels * 4;
}
