// The panel that finds sounds like others: by liking, by dropping a file, by recording.
import { element } from "../dom";
import { nameOf, seenAndSaid, shortened } from "../sound/names";
import type { Parts } from "../sound/parts";
import { dropPart } from "./drop";
import { ASPECTS, Finder } from "./finder";
import { toggleLiking } from "./liking";
import { placedCard } from "./placed";
import { hitList } from "./hits";

const HINT = "Press + on a sound, or l, to find more like it; − or u for less. Several may be given.";
const STATIC_HINT =
  "This is a published map: dropping or recording a sound, and weights, need `timbrespace explore`.";

export function mountFinding(parts: Parts, panel: HTMLElement): void {
  const finder = new Finder(parts);
  const { isStatic } = parts.source;
  const status = element("p", { className: "quiet", role: "status" });
  panel.append(
    isStatic ? element("p", { className: "quiet" }, STATIC_HINT) : dropPart(parts, finder),
    placedCard(parts, finder),
    asked(parts),
    status,
    hitList(parts),
  );
  if (!isStatic) status.before(weights(finder));
  const show = () => (status.textContent = statusText(parts, finder));
  finder.addEventListener("change", show);
  show();
}

function statusText({ store }: Parts, finder: Finder): string {
  if (finder.state === "failed") return finder.problem;
  if (finder.state === "searching") return "Searching …";
  if (!finder.isAsked) return HINT;
  return store.state.hits.length === 0 ? "Nothing is like that within the filters." : "";
}

/** The liked and unliked sounds as chips that take them off again. */
function asked(parts: Parts): HTMLElement {
  const { store } = parts;
  const list = element("ul", { className: "asked", "aria-label": "Searched by" });
  const show = () => {
    const chips = (["liked", "unliked"] as const).flatMap((of) =>
      store.state[of].map((id) => chip(parts, of, id)),
    );
    list.replaceChildren(...chips);
    list.hidden = chips.length === 0;
  };
  store.on(["liked", "unliked"], show);
  show();
  return list;
}

function chip(parts: Parts, of: "liked" | "unliked", id: number): HTMLElement {
  const name = nameOf(parts, id);
  const [sign, asked] = of === "liked" ? ["+", "more"] : ["−", "less"];
  const shown = seenAndSaid(`${sign} ${shortened(name)} ×`, `Search no longer by ${asked} like ${name}`);
  const button = element("button", { type: "button", className: `chip ${of}` }, ...shown);
  button.onclick = () => toggleLiking(parts.store, of, id);
  return element("li", {}, button);
}

/** How much each aspect counts, and whether the map's filters hold. */
function weights(finder: Finder): HTMLElement {
  const sliders = ASPECTS.map((aspect) => {
    const range = { type: "range", min: "0", max: "1", step: "0.05" };
    const slider = element("input", { ...range, value: String(finder.weights[aspect]) });
    slider.oninput = () => finder.set({ weights: { ...finder.weights, [aspect]: slider.valueAsNumber } });
    return element("label", { className: "row slider" }, element("span", {}, aspect), slider);
  });
  const within = element("input", { type: "checkbox", checked: finder.withinFilters });
  within.onchange = () => finder.set({ withinFilters: within.checked });
  return element(
    "details",
    { className: "weights" },
    element("summary", {}, "What counts"),
    ...sliders,
    element("label", { className: "check" }, within, "Only among what the filters show"),
  );
}
