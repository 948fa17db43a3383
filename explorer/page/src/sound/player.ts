// Plays sounds.
// Comes in: sound ids, one or a row of them. Goes out: sound, one at a time, and what is going on:
// "change" events, "next" at each sound of a row, and once a level can truly be measured at the output,
// `timbrespace:playing` on the document with `data-playing` on its root.
import { Decoded, type Fetch } from "./decoded";
import { levellingGain, peakOf } from "./loudness";
import { Voice } from "./voice";

const AUDIBLE = 1e-4; // -80 dBFS

/** What a person may set while a sound is on. */
export interface Options {
  volume: number; // 0 to 1, as the slider shows it
  levelled: boolean;
  loop: boolean;
}

export class Player extends EventTarget {
  readonly decoded: Decoded;
  /** The sound that is on, or on its way; null in silence. */
  current: number | null = null;
  /** What could not be played, in a person's words. */
  problem: string | null = null;

  private context: AudioContext | null = null;
  private output: GainNode | null = null;
  private analyser: AnalyserNode | null = null;
  private voice: Voice | null = null;
  private queue: number[] = [];
  private turn = 0; // counts what was asked for, so that only the latest sounds
  private options: Options = { volume: 0.8, levelled: false, loop: false };

  constructor(
    fetchAudio: Fetch,
    private readonly loudnessLufs: (id: number) => number | null,
  ) {
    super();
    this.decoded = new Decoded(fetchAudio);
  }

  /** Plays a sound from `from` (0 to 1) and drops what was to follow. */
  play(id: number, from = 0): Promise<void> {
    this.queue = [];
    return this.start(id, from);
  }

  /** Plays sounds one after another. */
  playAll(ids: number[]): Promise<void> {
    this.queue = [...ids];
    return this.advance();
  }

  stop(): void {
    this.turn++;
    this.queue = [];
    this.silence();
    this.tell(null);
  }

  toggle(id: number): void {
    if (this.current === id) this.stop();
    else void this.play(id);
  }

  set(options: Partial<Options>): void {
    this.options = { ...this.options, ...options };
    if (this.output) this.output.gain.value = loudnessOf(this.options.volume);
    this.voice?.loop(this.looping);
  }

  /** How many are still to come of a row. */
  get following(): number {
    return this.queue.length;
  }

  /** Where the sound is, 0 to 1; null in silence. */
  get position(): number | null {
    return this.voice?.position ?? null;
  }

  /** Lets the browser play: it asks for a gesture first. */
  wake(): void {
    const { context } = this.graph();
    if (context.state === "suspended") void context.resume();
  }

  private async start(id: number, from: number): Promise<void> {
    const turn = ++this.turn;
    this.wake();
    this.silence();
    this.tell(id);
    try {
      const [buffer] = await Promise.all([this.decoded.get(id), this.graph().context.resume()]);
      if (turn !== this.turn) return; // another was chosen meanwhile
      this.sound(buffer, from, this.gainOf(id, buffer));
      this.decoded.ahead(this.queue.slice(0, 3));
      void this.announce(id);
    } catch (error) {
      if (turn === this.turn) this.failed(error);
    }
  }

  private gainOf(id: number, buffer: AudioBuffer): number {
    return this.options.levelled ? levellingGain(this.loudnessLufs(id), peakOf(buffer)) : 1;
  }

  private sound(buffer: AudioBuffer, from: number, gain: number): void {
    const { context, output } = this.graph();
    const ended = () => this.ended(voice);
    const voice: Voice = new Voice(context, output, buffer, { from, gain, ended });
    voice.loop(this.looping);
    this.voice = voice;
    this.dispatchEvent(new Event("change"));
  }

  private get looping(): boolean {
    return this.options.loop && this.queue.length === 0;
  }

  private ended(voice: Voice): void {
    if (this.voice === voice) void this.advance();
  }

  private failed(error: unknown): void {
    this.tell(null, error instanceof Error ? error.message : String(error));
    if (this.queue.length > 0) void this.advance();
  }

  /** Plays the next of a row, or stops after its last. */
  private async advance(): Promise<void> {
    const next = this.queue.shift();
    if (next === undefined) return this.stop();
    const started = this.start(next, 0);
    this.dispatchEvent(new Event("next"));
    return started;
  }

  private silence(): void {
    this.voice?.stop();
    this.voice = null;
    delete document.documentElement.dataset.playing;
  }

  private tell(id: number | null, problem: string | null = null): void {
    this.current = id;
    this.problem = problem;
    this.dispatchEvent(new Event("change"));
  }

  /** Says that a sound is on as soon as the output has a level, not merely because it was asked for. */
  private async announce(id: number): Promise<void> {
    const voice = this.voice;
    const { context, analyser } = this.graph();
    const samples = new Float32Array(analyser.fftSize);
    while (this.voice === voice && voice) {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
      if (context.state === "running" && rms > AUDIBLE) {
        document.documentElement.dataset.playing = String(id);
        const detail = { id, rms, state: context.state };
        document.dispatchEvent(new CustomEvent("timbrespace:playing", { detail }));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private graph(): { context: AudioContext; output: GainNode; analyser: AnalyserNode } {
    if (!this.context || !this.output || !this.analyser) {
      this.context = new AudioContext({ latencyHint: "interactive" });
      this.analyser = new AnalyserNode(this.context, { fftSize: 1024 });
      this.output = new GainNode(this.context, { gain: loudnessOf(this.options.volume) });
      this.output.connect(this.analyser).connect(this.context.destination);
    }
    return { context: this.context, output: this.output, analyser: this.analyser };
  }
}

/** A slider's half sounds about half as loud: gain goes with the square. */
function loudnessOf(volume: number): number {
  return volume * volume;
}
