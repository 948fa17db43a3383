// Where the library's data come from: the server (`timbrespace explore`) or the scripts of a
// static export, behind one interface, so that no other module knows which.
import type { Hit } from "./state";
import { ServerSource } from "./source-server";
import { StaticSource } from "./source-static";

export interface ColumnInfo {
  name: string;
  label: string;
  unit: string | null;
  kind: "categorical" | "continuous";
  scale: "linear" | "log" | "pitch";
}

export interface ProjectionInfo {
  name: string;
  label: string;
  dimensions: 2 | 3;
  state: "ready" | "computing" | "absent";
  progress: number;
  fitted?: number; // sounds that the map was computed from
  placed?: number; // sounds that were placed on it afterwards
}

export interface LibraryInfo {
  name: string;
  n_sounds: number;
  shown: number;
  sampled: boolean;
  encoder: { name: string; hash: string };
  static: boolean;
  columns: ColumnInfo[];
  projections: ProjectionInfo[];
  folders: { name: string; n: number }[];
}

export interface Names {
  names: string[];
  folders: number[];
  folder_names: string[];
}

/** One value per point: a number (NaN: unknown), or a code into `values` (65535: none). */
export type Column =
  | { kind: "continuous"; numbers: Float32Array }
  | { kind: "categorical"; values: string[]; codes: Uint16Array };

export const NO_CODE = 65535;

/** Everything that the catalogue knows of one sound. */
export interface Sound {
  id: number;
  path?: string; // absent from a static export
  start_s: number;
  duration_s: number;
  sample_rate_hz: number;
  channels: number;
  loudness_lufs: number | null;
  peak_db: number | null;
  pitch_midi: number | null;
  pitch_confidence: number | null;
  attack_s: number | null;
  brightness_hz: number | null;
  noisiness: number | null;
  family: string | null;
  family_probability: number | null;
  source: string | null;
  source_probability: number | null;
  nearest: [string, number][];
  instrument: string | null;
  velocity: number | null;
  waveform: number[]; // 128 minima then 128 maxima, -127..127
  tags: string[];
  favourite: boolean;
}

/** What a sound from outside is compared by. */
export interface Example {
  vector: string; // base64 float32
  pitch_midi: number | null;
  brightness_hz: number | null;
  envelope: number[]; // 64 levels, 0..255
}

export interface SearchQuery extends Partial<Example> {
  like: number[];
  unlike: number[];
  words?: string;
  ranges?: Record<string, [number, number]>;
  only?: Record<string, string[]>;
  weights?: Record<string, number>;
  n?: number;
}

export interface Placement extends Example {
  positions: Record<string, number[]>;
  hits: Hit[];
  family: [string, number][];
  source: [string, number][];
  nearest: [string, number][];
  duration_s: number;
  waveform: number[];
}

export interface Verification {
  scores: number[];
  threshold: number;
  eer: number;
  n_instruments: number; // labelled ones, which the threshold comes from
  accepted: boolean[];
}

export interface Source {
  readonly isStatic: boolean; // then place, verify and tag are refused
  library(): Promise<LibraryInfo>;
  ids(): Promise<Uint32Array>;
  names(): Promise<Names>;
  column(name: string): Promise<Column>;
  /** Positions, row-major, in the unit cube; computes them first where they are not yet there. */
  projection(name: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<Float32Array>;
  sound(id: number): Promise<Sound>;
  /** The sound as a file that the browser can decode. */
  audio(id: number, signal?: AbortSignal): Promise<ArrayBuffer>;
  search(query: SearchQuery, signal?: AbortSignal): Promise<Hit[]>;
  place(file: Blob, signal?: AbortSignal): Promise<Placement>;
  verify(enrolment: number[], test: number[]): Promise<Verification>;
  tag(ids: number[], add: string[], remove: string[]): Promise<void>;
  favourite(ids: number[], on: boolean): Promise<void>;
  export(ids: number[], format: "csv" | "m3u" | "zip"): Promise<Blob>;
}

/** What the server or the export said no to, in words for the person. */
export class SourceError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** The source of this page: a static export sets window.TIMBRESPACE_STATIC before the page's script. */
export function openSource(): Source {
  return "TIMBRESPACE_STATIC" in window ? new StaticSource() : new ServerSource();
}
