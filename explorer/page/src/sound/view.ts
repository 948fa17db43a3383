// The picture of the chosen sound with a playhead; a click or an arrow key plays from there.
import { element } from "../dom";
import type { Sound } from "../source";
import { drawOverview, drawSpectrogram, drawWaveform } from "./picture";
import type { Player } from "./player";

const STEP = 0.05; // of the sound, an arrow key
const DRAWN_AFTER_MS = 80; // the sound comes first

export class SoundView {
  readonly element: HTMLElement;
  private readonly waveform = element("canvas", { className: "waveform", "aria-hidden": "true" });
  private readonly spectrogram = element("canvas", { className: "spectrogram", "aria-hidden": "true" });
  private readonly playhead = element("div", { className: "playhead", hidden: true });
  private id: number | null = null;
  private sound: Sound | null = null;
  private buffer: AudioBuffer | null = null;

  constructor(private readonly player: Player) {
    this.element = element(
      "div",
      { className: "soundview", role: "slider", tabIndex: 0, hidden: true, "aria-label": "Position" },
      this.waveform,
      this.spectrogram,
      this.playhead,
    );
    this.element.setAttribute("aria-valuemin", "0");
    this.element.setAttribute("aria-valuemax", "100");
    this.element.onpointerdown = (event) => this.playFrom(this.share(event.clientX));
    this.element.onkeydown = (event) => this.step(event);
    player.addEventListener("change", () => this.follow());
    new ResizeObserver(() => this.draw()).observe(this.element);
    const theme = new MutationObserver(() => this.draw());
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** Makes room for another sound. */
  clear(id: number | null): void {
    this.id = id;
    this.sound = null;
    this.buffer = null;
    this.element.hidden = id === null;
    for (const canvas of [this.waveform, this.spectrogram]) canvas.width = canvas.width; // empties it
    this.follow();
  }

  async show(sound: Sound): Promise<void> {
    this.sound = sound;
    this.draw();
    const buffer = await this.player.decoded.get(sound.id);
    await new Promise((resolve) => setTimeout(resolve, DRAWN_AFTER_MS));
    if (this.id !== sound.id) return;
    this.buffer = buffer;
    this.draw();
  }

  private draw(): void {
    if (this.element.clientWidth === 0) return;
    if (this.buffer) {
      drawWaveform(this.waveform, this.buffer);
      drawSpectrogram(this.spectrogram, this.buffer);
    } else if (this.sound) {
      drawOverview(this.waveform, this.sound.waveform);
    }
  }

  private get position(): number | null {
    return this.player.current === this.id ? this.player.position : null;
  }

  /** Moves the playhead for as long as this sound is on. */
  private follow(): void {
    const position = this.position;
    this.playhead.hidden = position === null;
    const percent = Math.round(100 * (position ?? 0));
    this.element.setAttribute("aria-valuenow", String(percent));
    this.element.setAttribute("aria-valuetext", position === null ? "stopped" : `${percent} %`);
    if (position === null) return;
    this.playhead.style.transform = `translateX(${position * this.element.clientWidth}px)`;
    requestAnimationFrame(() => this.follow());
  }

  private share(clientX: number): number {
    const { left, width } = this.element.getBoundingClientRect();
    return Math.max(0, Math.min(0.999, (clientX - left) / width));
  }

  private step(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowUp: STEP };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // on the map, arrows walk from sound to sound
    this.playFrom(Math.max(0, Math.min(0.999, (this.position ?? 0) + step)));
  }

  private playFrom(share: number): void {
    if (this.id !== null) void this.player.play(this.id, share);
  }
}
