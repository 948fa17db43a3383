// What is let through: words, favourites, an instrument, a range of each number.
import { element } from "./dom";
import { withFilter } from "./legend";
import { bars } from "./pictures";
import type { Points } from "./points";
import { rangeSlider } from "./range";
import { histogram, scaleOf } from "./scales";
import { isFiltered } from "./shown";
import type { ColumnInfo } from "./source";
import type { Store } from "./state";

const BARS = 48;
const MOST_OPTIONS = 500;

export function mountFilters(store: Store, points: Points, root: HTMLElement): void {
  const ranges = element("div", { className: "stack" });
  root.append(words(store), favourites(store), ranges, clear(store));
  void fill(store, points, ranges);
}

function words(store: Store): HTMLElement {
  const input = element("input", { type: "search", id: "words", placeholder: "bright pluck, kick, warm …" });
  input.value = store.state.words;
  input.oninput = () => store.set({ words: input.value });
  store.on(["words"], ({ words }) => {
    if (input.value !== words) input.value = words;
  });
  return element("label", { className: "field" }, "Name, tag or family", input);
}

function favourites(store: Store): HTMLElement {
  const box = element("input", { type: "checkbox" });
  box.checked = store.state.favouritesOnly;
  box.onchange = () => store.set({ favouritesOnly: box.checked });
  store.on(["favouritesOnly"], ({ favouritesOnly }) => (box.checked = favouritesOnly));
  return element("label", { className: "check" }, box, "Favourites only");
}

function clear(store: Store): HTMLElement {
  const button = element("button", { type: "button", className: "button", textContent: "Clear filters" });
  button.onclick = () => store.set({ filters: { ranges: {}, only: {} }, words: "", favouritesOnly: false, folder: null });
  const update = () => (button.disabled = !isFiltered(store.state));
  store.on(["filters", "words", "favouritesOnly", "folder"], update);
  update();
  return button;
}

async function fill(store: Store, points: Points, root: HTMLElement): Promise<void> {
  const filters = points.library.columns.map((info) => filterOf(store, points, info).catch(() => null)); // a column that fails has no filter
  root.append(...(await Promise.all(filters)).filter((filter) => filter !== null));
}

async function filterOf(store: Store, points: Points, info: ColumnInfo): Promise<HTMLElement | null> {
  if (info.kind === "continuous") return range(store, points, info);
  return info.name === "instrument" ? choice(store, points, info) : null;
}

/** One instrument out of all; several are chosen in the legend. */
async function choice(store: Store, points: Points, info: ColumnInfo): Promise<HTMLElement | null> {
  const column = await points.column(info.name);
  if (column.kind !== "categorical" || column.values.length < 2 || column.values.length > MOST_OPTIONS) return null;
  const options = [...column.values].sort((a, b) => a.localeCompare(b)).map((value) => element("option", { value, textContent: value }));
  const several = element("option", { value: "\n", textContent: "Several", hidden: true });
  const select = element("select", {}, element("option", { value: "", textContent: "All" }), several, ...options);
  select.onchange = () => store.set(withFilter(store.state, "only", info.name, select.value ? [select.value] : null));
  const update = () => {
    const chosen = store.state.filters.only[info.name] ?? [];
    select.value = chosen.length > 1 ? "\n" : (chosen[0] ?? "");
  };
  update();
  store.on(["filters"], update);
  return element("label", { className: "field" }, info.label, select);
}

async function range(store: Store, points: Points, info: ColumnInfo): Promise<HTMLElement | null> {
  const column = await points.column(info.name);
  if (column.kind !== "continuous") return null;
  const scale = scaleOf(info, column.numbers);
  if (scale.low >= scale.high) return null;
  const picture = element("div", { className: "bars-frame" });
  picture.append(bars(histogram(scale, column.numbers, BARS)));
  const slider = rangeSlider(info.label, scale, picture, (chosen) => {
    store.set(withFilter(store.state, "ranges", info.name, chosen));
  });
  const update = () => slider.show(store.state.filters.ranges[info.name] ?? null);
  update();
  store.on(["filters"], update);
  return slider.root;
}
