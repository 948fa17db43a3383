// Fetching the chosen projection and showing it; while it is computed, the map stays and says how far it is.
import { announce } from "./announce";
import type { SoundMap } from "./map/soundmap";
import { notify } from "./notice";
import type { Points } from "./points";
import type { ProjectionInfo, Source } from "./source";
import type { Store } from "./state";

export class Projections {
  private cache = new Map<string, Float32Array>();
  private running = new AbortController();
  private current: ProjectionInfo | null = null;

  constructor(
    private readonly store: Store,
    private readonly source: Source,
    private readonly points: Points,
    private readonly map: SoundMap,
  ) {
    store.on(["projection"], ({ camera }, before) => void this.show(camera !== null && camera !== before.camera));
  }

  /** The chosen projection, or one that is ready when the choice is unknown. */
  private get wanted(): ProjectionInfo {
    const { projections } = this.points.library;
    return projections.find(({ name }) => name === this.store.state.projection) ?? this.best(projections);
  }

  private best(projections: ProjectionInfo[]): ProjectionInfo {
    const ready = projections.filter(({ state }) => state === "ready");
    return ready.find(({ name }) => name === "pacmap3") ?? ready[0] ?? projections[0];
  }

  /** Show the chosen projection from the camera of the address (`keepView`), else with the whole map in view. */
  async show(keepView: boolean): Promise<void> {
    const info = this.wanted;
    this.running.abort();
    const running = (this.running = new AbortController());
    if (info === this.current) {
      notify(null);
      return this.store.set({ projection: info.name });
    }
    try {
      const positions = await this.positionsOf(info, running.signal);
      if (running.signal.aborted) return;
      notify(null);
      this.map.showProjection(positions, info.dimensions, keepView);
      this.current = info;
      this.store.set({ projection: info.name });
    } catch (error) {
      if (!running.signal.aborted) this.fail(info, error as Error, keepView);
    }
  }

  private async positionsOf(info: ProjectionInfo, signal: AbortSignal): Promise<Float32Array> {
    const known = this.cache.get(info.name);
    if (known) return known;
    if (info.state !== "ready") this.tell(info, 0);
    const positions = await this.source.projection(info.name, (share) => this.tell(info, share), signal);
    info.state = "ready";
    this.cache.set(info.name, positions);
    return positions;
  }

  private tell(info: ProjectionInfo, share: number): void {
    const back = this.current;
    const action = back ? { label: `Stay with ${back.label}`, run: () => this.store.set({ projection: back.name }) } : undefined;
    notify({ text: `Computing the ${info.label} map: ${Math.round(100 * share)} %`, share, action });
    if (share === 0) announce(`Computing the ${info.label} map.`);
  }

  private fail(info: ProjectionInfo, error: Error, keepView: boolean): void {
    notify({ text: error.message, isError: true, action: { label: "Try again", run: () => void this.show(keepView) } });
    announce(`The ${info.label} map could not be shown. ${error.message}`);
  }
}
