// The view in the page's address: #colour=family&range.pitch_midi=48..72&only.family=reed|brass&…
// so that it can be shared, reloaded and gone back to. A strange address gives the plain view.
import { START, type Camera, type Filters, type State, type Store, type Theme } from "./state";

const LONGEST_LIST = 1000; // ids that an address carries; browsers and chat programs cut long ones

/** The view as the text after #, without what has its plain value. */
export function toHash(state: Readonly<State>): string {
  const view = new URLSearchParams();
  const put = (key: string, value: string | false | null) => value && view.set(key, value);
  put("folder", state.folder);
  put("projection", state.projection);
  put("colour", state.colour);
  put("words", state.words);
  put("favourites", state.favouritesOnly && "1");
  for (const [column, [low, high]] of Object.entries(state.filters.ranges)) put(`range.${column}`, `${low}..${high}`);
  for (const [column, values] of Object.entries(state.filters.only)) {
    put(`only.${column}`, values.map(escaped).join("|"));
  }
  put("focus", state.focus === null ? null : String(state.focus));
  for (const key of ["selection", "liked", "unliked"] as const) {
    if (state[key].length <= LONGEST_LIST) put(key, state[key].join(","));
  }
  put("rotate", state.rotate && "1");
  put("hover", state.hover && "1");
  put("theme", state.theme === "auto" ? null : state.theme);
  put("camera", state.camera && [...state.camera.eye, ...state.camera.target].map(rounded).join(","));
  return view.toString().replaceAll("%2C", ",").replaceAll("%7C", "|");
}

/** To a thousandth; a zero has no sign, so that one view has one address. */
function rounded(x: number): string {
  return (Math.round(1000 * x) / 1000 || 0).toFixed(3);
}

function numbers(text: string | null): number[] {
  return text ? text.split(",").map(Number).filter(Number.isFinite) : [];
}

function cameraOf(text: string | null): Camera | null {
  const [ex, ey, ez, tx, ty, tz] = numbers(text);
  return tz === undefined ? null : { eye: [ex, ey, ez], target: [tx, ty, tz] };
}

function filtersOf(view: URLSearchParams): Filters {
  const filters: Filters = { ranges: {}, only: {} };
  for (const [key, value] of view) {
    const column = key.slice(key.indexOf(".") + 1);
    const [low, high] = value.split("..").map(Number);
    if (key.startsWith("range.") && low <= high) filters.ranges[column] = [low, high];
    if (key.startsWith("only.") && value) filters.only[column] = value.split("|").map(decoded);
  }
  return filters;
}

/** A value without the bar that parts values; the address itself encodes the rest. */
function escaped(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("|", "%7C");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The view that an address names; ids that no longer exist are dropped by who uses them. */
export function fromHash(hash: string): Partial<State> {
  const view = new URLSearchParams(hash.replace(/^#/, ""));
  const focus = numbers(view.get("focus"))[0];
  const theme = view.get("theme") as Theme;
  return {
    folder: view.get("folder"),
    projection: view.get("projection") ?? START.projection,
    camera: cameraOf(view.get("camera")),
    colour: view.get("colour") ?? START.colour,
    filters: filtersOf(view),
    words: view.get("words") ?? "",
    favouritesOnly: view.get("favourites") === "1",
    focus: focus ?? null,
    selection: numbers(view.get("selection")),
    liked: numbers(view.get("liked")),
    unliked: numbers(view.get("unliked")),
    rotate: view.get("rotate") === "1",
    hover: view.get("hover") === "1",
    theme: ["light", "dark"].includes(theme) ? theme : "auto",
  };
}

/**
 * Keep the address and the state alike: our changes are written soon after, typed or followed ones are
 * taken. `colour` is the one of an address without any.
 */
export function followAddress(store: Store, colour: string): void {
  let timer = 0;
  const write = () => history.replaceState(null, "", `#${toHash(store.state)}`);
  store.on(Object.keys(START) as (keyof State)[], () => {
    clearTimeout(timer);
    timer = window.setTimeout(write, 300);
  });
  window.addEventListener("hashchange", () => {
    const view = fromHash(location.hash);
    store.set({ ...view, colour: view.colour || colour });
  });
}
