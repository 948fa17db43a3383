// What the person sees and has chosen, in one place. Every module reads it from the store, changes
// it by `set` and listens by `on`; nothing else is shared between modules.

/** A sound found by a search: its id, its row among the points, scores from 0 to 1. */
export interface Hit {
  id: number;
  row: number;
  score: number;
  aspects: Record<string, number>;
}

/** From where the map is seen: the eye and the point it looks at, in the unit cube. */
export interface Camera {
  eye: [number, number, number];
  target: [number, number, number];
}

/** What is let through. Ranges are in the column's unit; several values of a column mean any of them. */
export interface Filters {
  ranges: Record<string, [number, number]>;
  only: Record<string, string[]>;
}

export type Theme = "auto" | "light" | "dark";

export interface State {
  folder: string | null; // null: all folders
  projection: string;
  camera: Camera | null; // null: the whole map is in view
  colour: string;
  filters: Filters;
  words: string;
  favouritesOnly: boolean;
  focus: number | null; // the sound that is looked at and heard, by id
  selection: number[]; // by id
  liked: number[];
  unliked: number[];
  hits: Hit[];
  rotate: boolean;
  hover: boolean; // hear a sound when the pointer rests on it
  theme: Theme;
}

export const START: State = {
  folder: null,
  projection: "",
  camera: null,
  colour: "",
  filters: { ranges: {}, only: {} },
  words: "",
  favouritesOnly: false,
  focus: null,
  selection: [],
  liked: [],
  unliked: [],
  hits: [],
  rotate: false,
  hover: false,
  theme: "auto",
};

type Listener = (state: Readonly<State>, before: Readonly<State>) => void;

export class Store {
  private current: State;
  private listeners: { keys: (keyof State)[]; listener: Listener }[] = [];

  constructor(start: Partial<State> = {}) {
    this.current = { ...START, ...start };
  }

  get state(): Readonly<State> {
    return this.current;
  }

  /** Change some of the state and tell who listens to what truly changed. */
  set(patch: Partial<State>): void {
    const before = this.current;
    const changed = (Object.keys(patch) as (keyof State)[]).filter((key) => patch[key] !== before[key]);
    if (changed.length === 0) return;
    this.current = { ...before, ...patch };
    for (const { keys, listener } of [...this.listeners]) {
      if (keys.some((key) => changed.includes(key))) listener(this.current, before);
    }
  }

  /** Call `listener` whenever one of `keys` changes; what comes back stops that. */
  on(keys: (keyof State)[], listener: Listener): () => void {
    const entry = { keys, listener };
    this.listeners.push(entry);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== entry);
    };
  }
}
