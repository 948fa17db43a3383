// One sound on its way out.
// Comes in: an audio buffer and where to begin. Goes out: sound into a node, with a position; it is
// cut with a fade of 5 ms, so that stopping does not click.

const FADE_S = 0.005;

export interface Start {
  from: number; // 0 to 1
  gain: number;
  ended: () => void;
}

export class Voice {
  private readonly source: AudioBufferSourceNode;
  private readonly gain: GainNode;
  private readonly startedAt: number;
  private readonly from: number;

  constructor(
    private readonly context: AudioContext,
    output: AudioNode,
    private readonly buffer: AudioBuffer,
    { from, gain, ended }: Start,
  ) {
    this.source = new AudioBufferSourceNode(context, { buffer });
    this.gain = new GainNode(context, { gain });
    this.source.connect(this.gain).connect(output);
    this.source.onended = ended;
    this.from = from * buffer.duration;
    this.startedAt = context.currentTime;
    this.source.start(0, this.from);
  }

  get position(): number {
    const elapsed = this.from + this.context.currentTime - this.startedAt;
    const within = this.source.loop ? elapsed % this.buffer.duration : elapsed;
    return Math.min(1, within / this.buffer.duration);
  }

  loop(on: boolean): void {
    this.source.loop = on;
  }

  stop(): void {
    const now = this.context.currentTime;
    this.source.onended = null;
    this.gain.gain.setValueAtTime(this.gain.gain.value, now);
    this.gain.gain.linearRampToValueAtTime(0, now + FADE_S);
    this.source.stop(now + FADE_S);
  }
}
