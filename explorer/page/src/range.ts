// A slider with two ends over a picture of the values: two real range inputs, so that keys and
// screen readers work, and a brush: dragging across the picture chooses what it covers.
import { element } from "./dom";
import { readable, type Scale } from "./scales";

const STEPS = 1000;

export interface Range {
  root: HTMLElement;
  /** Show a range that was chosen elsewhere; null: all. */
  show(range: [number, number] | null): void;
}

/** `onChange` gets the range, or null when both ends are at the ends of the scale. */
export function rangeSlider(
  label: string,
  scale: Scale,
  picture: HTMLElement,
  onChange: (range: [number, number] | null) => void,
): Range {
  const name = element("span", { className: "label", textContent: label });
  const end = (which: string, value: number) =>
    element("input", { type: "range", min: "0", max: String(STEPS), value: String(value), "aria-label": `${label}, ${which}` });
  const [low, high] = [end("lowest", 0), end("highest", STEPS)];
  const chosen = element("output", { className: "quiet" });
  const fill = element("span", { className: "fill" });
  const track = element("div", { className: "track" }, fill, low, high);
  const brush = element("div", { className: "brush" }, picture);
  const root = element("div", { className: "range", role: "group", "aria-label": label }, name, chosen, brush, track);

  const paint = () => {
    const [from, to] = [Number(low.value), Number(high.value)];
    const all = from === 0 && to === STEPS;
    low.setAttribute("aria-valuetext", readable(scale.valueAt(from / STEPS), scale.info));
    high.setAttribute("aria-valuetext", readable(scale.valueAt(to / STEPS), scale.info));
    chosen.textContent = all ? "all" : `${low.getAttribute("aria-valuetext")} – ${high.getAttribute("aria-valuetext")}`;
    root.classList.toggle("chosen", !all);
    for (const one of [fill, brush]) {
      one.style.setProperty("--from", String(from / STEPS));
      one.style.setProperty("--to", String(to / STEPS));
    }
  };
  const tell = () => {
    paint();
    const [from, to] = [Number(low.value), Number(high.value)];
    onChange(from === 0 && to === STEPS ? null : [tidy(scale.valueAt(from / STEPS), Math.floor), tidy(scale.valueAt(to / STEPS), Math.ceil)]);
  };
  const set = (from: number, to: number) => {
    [low.value, high.value] = [from, to].map((share) => String(Math.round(Math.min(1, Math.max(0, share)) * STEPS)));
  };
  low.oninput = () => {
    low.value = String(Math.min(Number(low.value), Number(high.value)));
    tell();
  };
  high.oninput = () => {
    high.value = String(Math.max(Number(low.value), Number(high.value)));
    tell();
  };
  brushing(brush, (from, to) => {
    set(from, to);
    tell();
  });
  const show = (range: [number, number] | null) => {
    set(range ? scale.shareOf(range[0]) : 0, range ? scale.shareOf(range[1]) : 1);
    paint();
  };
  show(null);
  return { root, show };
}

/** Four digits, rounded outwards so that the value at the end stays inside. */
function tidy(value: number, outwards: (value: number) => number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
  return Number((outwards(value / unit) * unit).toPrecision(4));
}

/** Tell the share of the width that a drag covers; a click without a drag chooses all. */
function brushing(brush: HTMLElement, onBrush: (from: number, to: number) => void): void {
  let start: number | null = null;
  const shareAt = (event: PointerEvent) => {
    const box = brush.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  brush.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = shareAt(event);
    brush.setPointerCapture(event.pointerId);
  });
  brush.addEventListener("pointermove", (event) => {
    if (start !== null) onBrush(Math.min(start, shareAt(event)), Math.max(start, shareAt(event)));
  });
  brush.addEventListener("pointerup", (event) => {
    if (start !== null && Math.abs(shareAt(event) - start) < 0.01) onBrush(0, 1);
    start = null;
  });
  brush.addEventListener("pointercancel", () => (start = null));
}
