// The search by example: what is asked for, and the asking.
// Comes in: liked and unliked sounds, a sound from outside, weights of aspects, filters.
// Goes out: `store.hits`, and a "change" event with what goes on.
import { announce } from "../announce";
import { isFiltered, shownRows } from "../shown";
import type { Example, Placement, SearchQuery } from "../source";
import type { Parts } from "../sound/parts";
import type { Hit } from "../state";

export const ASPECTS = ["timbre", "pitch", "envelope", "brightness"] as const;
const N_HITS = 24;
const N_LOOKED_AT = 1000; // where filters that only the page knows leave out some
const SEARCHED = new Set(["instrument", "family", "source"]); // columns that the search itself filters by
const WAIT_MS = 120; // while a slider moves

/** A sound that was dropped or recorded, and where it belongs. */
export interface Placed extends Placement {
  id: number; // below zero
}

export class Finder extends EventTarget {
  weights: Record<string, number> = { timbre: 1, pitch: 0, envelope: 0, brightness: 0 };
  withinFilters = true;
  placed: Placed | null = null;
  state: "idle" | "searching" | "failed" = "idle";
  problem = "";
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(private readonly parts: Parts) {
    super();
    const { store } = parts;
    store.on(["liked", "unliked"], () => this.search());
    store.on(["filters", "words", "folder", "favouritesOnly"], () => {
      if (this.withinFilters && this.isAsked) this.search();
    });
    if (this.isAsked) this.search();
  }

  get isAsked(): boolean {
    const { liked, unliked } = this.parts.store.state;
    return liked.length + unliked.length > 0 || this.placed !== null;
  }

  /** Searches soon, once for all changes that come in quick succession. */
  search(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.isAsked) return this.finish("idle", []);
    this.tell("searching");
    this.timer = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  set(change: { weights?: Record<string, number>; withinFilters?: boolean; placed?: Placed | null }): void {
    Object.assign(this, change);
    this.search();
  }

  private async ask(): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    try {
      const hits = await this.hits(asking.signal);
      if (asking.signal.aborted) return;
      this.finish("idle", hits);
      announce(hits.length === 1 ? "1 similar sound." : `${hits.length} similar sounds.`);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.problem = (error as Error).message;
      this.finish("failed", []);
    }
  }

  /** The best; where the filters hold, of those that they let through. */
  private async hits(signal: AbortSignal): Promise<Hit[]> {
    const { source, store, map } = this.parts;
    const mask = this.isNarrowed ? shownRows(map.points, store.state) : null;
    const [found, shown] = await Promise.all([source.search(this.query(), signal), mask]);
    return found.filter(({ row }) => shown === null || shown[row] > 0).slice(0, N_HITS);
  }

  private query(): SearchQuery {
    const { liked, unliked } = this.parts.store.state;
    const asked = { like: [...liked], unlike: [...unliked], weights: this.weights, ...this.example() };
    return this.isNarrowed ? { ...asked, ...this.filters(), n: N_LOOKED_AT } : { ...asked, n: N_HITS };
  }

  /** The placed sound, by all that it is compared by. */
  private example(): Partial<Example> {
    if (!this.placed) return {};
    const { vector, pitch_midi, brightness_hz, envelope } = this.placed;
    return { vector, pitch_midi, brightness_hz, envelope };
  }

  private get isNarrowed(): boolean {
    return this.withinFilters && isFiltered(this.parts.store.state);
  }

  /** What the map is filtered by, as far as the search takes it. */
  private filters(): Partial<SearchQuery> {
    const { filters, words, favouritesOnly } = this.parts.store.state;
    const ranges = { ...filters.ranges };
    if (favouritesOnly) ranges.favourite = [1, 1];
    const only = Object.entries(filters.only).filter(([column]) => SEARCHED.has(column));
    return { words, ranges, only: Object.fromEntries(only) };
  }

  private finish(state: "idle" | "failed", hits: Hit[]): void {
    this.parts.store.set({ hits });
    this.tell(state);
  }

  private tell(state: Finder["state"]): void {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
