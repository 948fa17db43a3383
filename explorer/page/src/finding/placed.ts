// What is known of the sound that was dropped or recorded.
import { element } from "../dom";
import { playButton } from "../sound/buttons";
import { likely, percentage } from "../sound/facts";
import { breakable, nameOf } from "../sound/names";
import type { Parts } from "../sound/parts";
import { drawOverview } from "../sound/picture";
import type { Finder, Placed } from "./finder";
import { remove } from "./placing";

export function placedCard(parts: Parts, finder: Finder): HTMLElement {
  const card = element("section", { className: "placed", "aria-label": "The sound that you gave" });
  let shown: Placed | null = null;
  const show = () => {
    if (finder.placed === shown && shown !== null) return;
    shown = finder.placed;
    card.hidden = shown === null;
    card.replaceChildren(...(shown ? content(parts, finder, shown) : []));
    const canvas = card.querySelector("canvas");
    if (shown && canvas) drawOverview(canvas, shown.waveform);
  };
  finder.addEventListener("change", show);
  show();
  return card;
}

function content(parts: Parts, finder: Finder, placed: Placed): (HTMLElement | string)[] {
  const removing = element("button", { type: "button", className: "button" }, "Remove");
  removing.onclick = () => remove(parts, finder);
  const heading = element(
    "div",
    { className: "heading" },
    playButton(parts, placed.id),
    element("h3", {}, ...breakable(nameOf(parts, placed.id))),
    removing,
  );
  const canvas = element("canvas", { className: "waveform", "aria-hidden": "true" });
  const first = ([name, probability]: [string, number]) => `${name}, ${percentage(probability)}`;
  const kinds = [...placed.family.slice(0, 1), ...placed.source.slice(0, 1)].map(first);
  const words = [`${placed.duration_s.toFixed(2)} s`, ...kinds];
  const nearest = likely("Likely instrument", placed.nearest.slice(0, 5));
  return [heading, canvas, element("p", { className: "quiet" }, words.join(" · ")), nearest ?? ""];
}
