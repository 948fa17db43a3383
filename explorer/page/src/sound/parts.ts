// What the panels work with: the state, the library, the map, the player and the favourites.
import { Favourites } from "../keeping/favourites";
import type { SoundMap } from "../map/soundmap";
import type { Column, Source } from "../source";
import type { Store } from "../state";
import { Player } from "./player";

export interface Parts {
  store: Store;
  source: Source;
  map: SoundMap;
  player: Player;
  favourites: Favourites;
  /** Sounds that were dropped or recorded, by ids below zero, so that they play like the others. */
  outside: Map<number, Blob>;
}

export function assemble(store: Store, source: Source, map: SoundMap): Parts {
  const outside = new Map<number, Blob>();
  const audio = (id: number) => outside.get(id)?.arrayBuffer() ?? source.audio(id);
  const player = new Player(audio, numbersOf(map, "loudness_lufs"));
  return { store, source, map, player, favourites: new Favourites(source, map.points), outside };
}

/** A sound's number in a column once that has come; null before, and where it is unknown. */
export function numbersOf(map: SoundMap, name: string): (id: number) => number | null {
  let column: Column | null = null;
  void map.points.column(name).then(
    (fetched) => (column = fetched),
    () => undefined, // a library without it does without
  );
  return (id) => {
    const row = map.points.rowOf(id);
    return column?.kind === "continuous" && row !== undefined ? column.numbers[row] : null;
  };
}
