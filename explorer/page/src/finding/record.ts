// Recording from the microphone.
// Goes out: a WAV file. What the browser records is compressed in its own way, so it is decoded here
// and sent as plain samples; what would change the timbre (echo and noise removal) is turned off.
import { announce } from "../announce";
import { element } from "../dom";
import { decode } from "../sound/decoded";
import { mono } from "../sound/spectrum";
import type { Tell } from "./placing";
import { wav } from "./wav";

const LONGEST_S = 15;
const SHORTEST_S = 0.1;
const AS_IT_SOUNDS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Starts recording; pressed again, or after LONGEST_S, stops and hands the recording over. */
export function recordButton(take: (file: File) => void, tell: Tell): HTMLElement {
  const button = element("button", { type: "button", className: "button record" }, "Record");
  let recording: Recording | null = null;
  button.onclick = async () => {
    if (recording) return recording.stop();
    button.disabled = true;
    try {
      recording = new Recording(await microphone(), (level, s) => tell(meterText(level, s)));
      button.textContent = "Stop recording";
      button.disabled = false;
      announce("Recording.");
      take(await recording.file);
    } catch (error) {
      tell((error as Error).message, true);
    } finally {
      recording = null;
      button.textContent = "Record";
      button.disabled = false;
    }
  };
  return button;
}

function meterText(level: number, s: number): string {
  const marks = Math.min(20, Math.round(20 * Math.sqrt(level)));
  return `Recording ${s.toFixed(1)} s of ${LONGEST_S} s ${"▮".repeat(marks)}${"▯".repeat(20 - marks)}`;
}

async function microphone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers allow the microphone on https pages and on this machine (127.0.0.1) only.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: AS_IT_SOUNDS });
  } catch (error) {
    throw new Error(refusal((error as DOMException).name));
  }
}

function refusal(name: string): string {
  if (name === "NotAllowedError") {
    return "The browser did not allow the microphone. Allow it at the left of the address, then record again.";
  }
  if (name === "NotFoundError") return "No microphone was found. Connect one, or drop a file.";
  if (name === "NotReadableError") return "The microphone is in use by another program. Close that, then record again.";
  return `The microphone could not be opened (${name}).`;
}

/** One recording, from a microphone that is let go of at its end. */
class Recording {
  readonly file: Promise<File>;
  private readonly recorder: MediaRecorder;

  constructor(
    private readonly stream: MediaStream,
    onLevel: (level: number, s: number) => void,
  ) {
    this.recorder = new MediaRecorder(stream, { audioBitsPerSecond: 256_000 });
    const parts: Blob[] = [];
    this.recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (this.recorder.onstop = resolve));
    this.recorder.start();
    this.watch(onLevel);
    this.file = stopped.then(() => asWav(new Blob(parts)));
  }

  stop(): void {
    if (this.recorder.state === "recording") this.recorder.stop();
    for (const track of this.stream.getTracks()) track.stop();
  }

  /** Tells the level while it records, and stops at the longest length. */
  private watch(onLevel: (level: number, s: number) => void): void {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192 });
    context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const started = performance.now();
    const look = () => {
      const s = (performance.now() - started) / 1000;
      if (s >= LONGEST_S) this.stop();
      if (this.recorder.state !== "recording") return void context.close();
      analyser.getFloatTimeDomainData(samples);
      onLevel(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0), s);
      setTimeout(look, 100);
    };
    look();
  }
}

async function asWav(recorded: Blob): Promise<File> {
  const buffer = await decode(await recorded.arrayBuffer());
  if (buffer.duration < SHORTEST_S) throw new Error("The recording is too short. Record at least a tenth of a second.");
  const samples = mono(buffer);
  if (samples.every((sample) => sample === 0)) {
    throw new Error("The recording is silent. Is the microphone muted, or another one chosen in the system?");
  }
  return new File([wav(samples, buffer.sampleRate)], "Recording.wav", { type: "audio/wav" });
}
