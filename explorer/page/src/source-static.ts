// The library from a static export. Its data are classic scripts that call
// timbrespaceData(name, value), since a page opened from a file may not fetch; binary values are
// base64. Data named a/b lie in data/a-b.js, clips in clips/<id>.js.
import {
  SourceError,
  type Column,
  type LibraryInfo,
  type Names,
  type Placement,
  type SearchQuery,
  type Sound,
  type Source,
  type Verification,
} from "./source";
import type { Hit } from "./state";

const SOUNDS_PER_SCRIPT = 256; // by row
const NEEDS_SERVER = "This is a published map: run `timbrespace explore` on your own library for that.";

/** Vectors in the browser: int8 rows and what each row is to be multiplied with. */
interface Vectors {
  dimensions: number;
  codes: string;
  scales: string;
}

declare global {
  interface Window {
    timbrespaceData: (name: string, value: unknown) => void;
    TIMBRESPACE_STATIC?: boolean;
  }
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

export class StaticSource implements Source {
  readonly isStatic = true;
  private arrived = new Map<string, unknown>();
  private pending = new Map<string, Promise<unknown>>();
  private rows: Map<number, number> | null = null;
  private favourites = new Map<number, boolean>(); // chosen here; they last as long as the page is open

  constructor() {
    window.timbrespaceData = (name, value) => this.arrived.set(name, value);
  }

  private get<T>(name: string, file = `data/${name.replaceAll("/", "-")}.js`): Promise<T> {
    let promise = this.pending.get(name);
    if (promise === undefined) {
      promise = this.load(name, file);
      this.pending.set(name, promise);
    }
    return promise as Promise<T>;
  }

  private load(name: string, file: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const fail = () => {
        this.pending.delete(name);
        reject(new SourceError(`${file} is missing from this export or cannot be read.`, 404));
      };
      script.src = file;
      script.onerror = fail;
      script.onload = () => {
        script.remove();
        if (!this.arrived.has(name)) return fail();
        resolve(this.arrived.get(name));
        this.arrived.delete(name);
      };
      document.head.append(script);
    });
  }

  library(): Promise<LibraryInfo> {
    return this.get("library");
  }

  async ids(): Promise<Uint32Array> {
    return new Uint32Array(bytesOf(await this.get("ids")));
  }

  names(): Promise<Names> {
    return this.get("names");
  }

  async column(name: string): Promise<Column> {
    const value = await this.get<string | { values: string[] }>(`columns/${name}`);
    if (name === "favourite" && typeof value === "string") return this.withChosen(new Float32Array(bytesOf(value)));
    if (typeof value === "string") return { kind: "continuous", numbers: new Float32Array(bytesOf(value)) };
    const codes = new Uint16Array(bytesOf(await this.get(`columns/${name}/codes`)));
    return { kind: "categorical", values: value.values, codes };
  }

  async projection(name: string): Promise<Float32Array> {
    return new Float32Array(bytesOf(await this.get(`projections/${name}`)));
  }

  private async rowOf(id: number): Promise<number> {
    this.rows ??= new Map(Array.from(await this.ids(), (one, row) => [one, row]));
    const row = this.rows.get(id);
    if (row === undefined) throw new SourceError(`This map has no sound ${id}.`, 404);
    return row;
  }

  async sound(id: number): Promise<Sound> {
    const chunk = Math.floor((await this.rowOf(id)) / SOUNDS_PER_SCRIPT);
    return (await this.get<Record<number, Sound>>(`sounds-${chunk}`))[id];
  }

  async audio(id: number): Promise<ArrayBuffer> {
    const clip = bytesOf(await this.get(`clips/${id}`, `clips/${id}.js`));
    this.pending.delete(`clips/${id}`); // the player keeps what it decoded
    return clip;
  }

  /** Nearest by cosine to the mean of the liked less the mean of the unliked. */
  async search({ like, unlike, n = 20 }: SearchQuery): Promise<Hit[]> {
    const { dimensions, codes, scales } = await this.get<Vectors>("vectors");
    const vectors = new Int8Array(bytesOf(codes));
    const scale = new Float32Array(bytesOf(scales));
    const ids = await this.ids();
    const query = new Float32Array(dimensions);
    for (const [group, sign] of [[like, 1], [unlike, -1]] as const) {
      for (const row of await Promise.all(group.map((id) => this.rowOf(id)))) {
        const share = (sign * scale[row]) / group.length;
        for (let d = 0; d < dimensions; d++) query[d] += share * vectors[row * dimensions + d];
      }
    }
    const norm = Math.hypot(...query) || 1;
    const scores = new Float32Array(ids.length);
    for (let row = 0; row < ids.length; row++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += query[d] * vectors[row * dimensions + d];
      scores[row] = (sum * scale[row]) / norm;
    }
    const given = new Set([...like, ...unlike]);
    const best = Array.from(ids.keys()).filter((row) => !given.has(ids[row]));
    best.sort((a, b) => scores[b] - scores[a]);
    return best.slice(0, n).map((row) => ({ id: ids[row], row, score: scores[row], aspects: { timbre: scores[row] } }));
  }

  place(): Promise<Placement> {
    return Promise.reject(new SourceError(NEEDS_SERVER, 501));
  }

  verify(): Promise<Verification> {
    return Promise.reject(new SourceError(NEEDS_SERVER, 501));
  }

  tag(): Promise<void> {
    return Promise.reject(new SourceError(NEEDS_SERVER, 501));
  }

  async favourite(ids: number[], on: boolean): Promise<void> {
    for (const id of ids) this.favourites.set(id, on);
  }

  private async withChosen(numbers: Float32Array): Promise<Column> {
    for (const [id, on] of this.favourites) numbers[await this.rowOf(id)] = Number(on);
    return { kind: "continuous", numbers };
  }

  /** Names of the chosen sounds as CSV; playlists and archives need the files. */
  async export(ids: number[], format: "csv" | "m3u" | "zip"): Promise<Blob> {
    if (format !== "csv") throw new SourceError(NEEDS_SERVER, 501);
    const { names } = await this.names();
    const quoted = await Promise.all(ids.map(async (id) => `${id},"${names[await this.rowOf(id)].replaceAll('"', '""')}"`));
    return new Blob([`id,name\n${quoted.join("\n")}\n`], { type: "text/csv" });
  }
}
