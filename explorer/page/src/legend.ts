// What the colours mean. Categories: a click shows only that one, shift-click adds or removes it,
// a click on the only one shows all. Numbers: a strip with ticks, on which a range is chosen.
import { countsOf, type Colouring } from "./colouring";
import { element } from "./dom";
import { strip } from "./pictures";
import type { Points } from "./points";
import { rangeSlider } from "./range";
import { readable, ticks } from "./scales";
import { shownRows } from "./shown";
import type { State, Store } from "./state";

const MOST_ENTRIES = 200;
const TICKS = 3; // what fits with units, side by side

type Categorical = Extract<Colouring, { kind: "categorical" }>;
type Continuous = Extract<Colouring, { kind: "continuous" }>;

/** `only` or `ranges` of the filters with one column set, or taken away by null. */
export function withFilter<Key extends "only" | "ranges">(
  { filters }: Readonly<State>,
  kind: Key,
  column: string,
  value: State["filters"][Key][string] | null,
): Partial<State> {
  const { [column]: _, ...rest } = filters[kind];
  return { filters: { ...filters, [kind]: value === null ? rest : { ...rest, [column]: value } } };
}

/** The choice after a click on `value`. */
export function clicked(chosen: string[], value: string, adds: boolean): string[] | null {
  const others = chosen.filter((one) => one !== value);
  if (!adds) return chosen.length === 1 && others.length === 0 ? null : [value];
  const next = others.length < chosen.length ? others : [...chosen, value];
  return next.length ? next : null;
}

export class Legend {
  private stopListening = () => {};
  private recolour = (_: Categorical) => {};
  private values: string[] | null = null; // of the categories that are shown

  constructor(
    private readonly store: Store,
    private readonly points: Points,
    private readonly root: HTMLElement,
  ) {}

  /** Show a column's colours; only the colours change when its categories are shown already. */
  show(colouring: Colouring): void {
    if (colouring.kind === "categorical" && colouring.values === this.values) return this.recolour(colouring);
    this.stopListening();
    this.root.replaceChildren();
    this.values = colouring.kind === "categorical" ? colouring.values : null;
    if (colouring.kind === "categorical") this.stopListening = this.categories(colouring);
    if (colouring.kind === "continuous") this.stopListening = this.numbers(colouring);
  }

  private categories(colouring: Categorical): () => void {
    const { info, values, order } = colouring;
    const entries = order.slice(0, MOST_ENTRIES).map((code) => {
      const count = element("span", { className: "count" });
      const swatch = element("span", { className: "swatch" });
      const name = element("span", { className: "value", textContent: values[code] });
      const button = element("button", { type: "button", className: "entry" }, swatch, name, count);
      button.onclick = (event) => this.choose(info.name, values[code], event.shiftKey || event.ctrlKey || event.metaKey);
      return { code, count, swatch, button };
    });
    const hint = order.length ? "Click shows one, shift-click adds." : `No sound of this map has a value for “${info.label}”.`;
    const help = element("p", { className: "quiet", textContent: hint });
    const left = order.length - entries.length;
    const more = element("p", { className: "quiet", textContent: left > 0 ? `and ${left} more` : "" });
    const list = element("ul", { className: "list", "aria-label": info.label }, ...entries.map(({ button }) => element("li", {}, button)));
    this.root.append(help, list, more);
    this.recolour = ({ colourOf }) => {
      for (const { code, swatch } of entries) swatch.style.setProperty("--swatch", `rgb(${colourOf(code)})`);
    };
    this.recolour(colouring);
    let turn = 0;
    const update = async () => {
      const mine = ++turn;
      const counts = countsOf(colouring.codes, values.length, await shownRows(this.points, this.store.state, info.name));
      if (mine !== turn) return;
      const chosen = this.store.state.filters.only[info.name] ?? [];
      for (const { code, count, button } of entries) {
        count.textContent = counts[code].toLocaleString("en");
        button.setAttribute("aria-pressed", String(chosen.includes(values[code])));
        button.classList.toggle("off", (chosen.length > 0 && !chosen.includes(values[code])) || counts[code] === 0);
      }
    };
    void update();
    return this.store.on(["filters", "words", "favouritesOnly", "folder"], () => void update());
  }

  private choose(column: string, value: string, adds: boolean): void {
    const chosen = clicked(this.store.state.filters.only[column] ?? [], value, adds);
    this.store.set(withFilter(this.store.state, "only", column, chosen));
  }

  private numbers({ info, numbers, scale, colourOf }: Continuous): () => void {
    const picture = strip((share) => colourOf(scale.valueAt(share)));
    const range = rangeSlider(info.label, scale, picture, (chosen) => {
      this.store.set(withFilter(this.store.state, "ranges", info.name, chosen));
    });
    const marks = ticks(scale, TICKS).map((value) => {
      const mark = element("span", { textContent: readable(value, info) });
      mark.style.setProperty("--at", String(scale.shareOf(value)));
      return mark;
    });
    const unknown = numbers.reduce((count, number) => count + Number(Number.isNaN(number)), 0);
    const note = unknown ? `${unknown.toLocaleString("en")} without a value are grey.` : "";
    const axis = element("div", { className: "ticks", "aria-hidden": "true" }, ...marks);
    this.root.append(range.root, axis, element("p", { className: "quiet", textContent: note }));
    const update = () => range.show(this.store.state.filters.ranges[info.name] ?? null);
    update();
    return this.store.on(["filters"], update);
  }
}
