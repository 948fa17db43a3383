// What a search found, the most alike first, with a bar for each aspect.
import { element } from "../dom";
import { bar } from "../sound/bar";
import { favouriteButton, nameButton, playButton } from "../sound/buttons";
import type { Parts } from "../sound/parts";
import type { Hit } from "../state";
import { likingButtons } from "./liking";

export function hitList(parts: Parts): HTMLElement {
  const { store } = parts;
  const list = element("ol", { className: "list hits", "aria-label": "Similar sounds" });
  const together = allOfThem(parts);
  const show = () => {
    list.replaceChildren(...store.state.hits.map((hit) => item(parts, hit)));
    together.hidden = store.state.hits.length === 0;
  };
  const mark = () => {
    for (const row of list.querySelectorAll<HTMLElement>("li")) {
      row.setAttribute("aria-current", String(row.dataset.id === String(store.state.focus)));
    }
  };
  store.on(["hits"], show);
  store.on(["hits", "focus"], mark);
  show();
  mark();
  return element("div", {}, together, list);
}

/** Plays or selects everything that was found. */
function allOfThem({ store, player }: Parts): HTMLElement {
  const ids = () => store.state.hits.map((hit) => hit.id);
  const play = element("button", { type: "button", className: "button" }, "Play all");
  const select = element("button", { type: "button", className: "button" }, "Select all");
  play.onclick = () => void player.playAll(ids());
  select.onclick = () => store.set({ selection: ids() });
  return element("div", { className: "row" }, play, select);
}

function item(parts: Parts, hit: Hit): HTMLElement {
  const buttons = [...likingButtons(parts, hit.id), favouriteButton(parts, hit.id)];
  return element(
    "li",
    { "data-id": hit.id },
    element("div", { className: "top" }, playButton(parts, hit.id), nameButton(parts, hit.id), ...buttons),
    scores(hit),
  );
}

function scores(hit: Hit): HTMLElement {
  const bars = Object.entries(hit.aspects).map(([aspect, score]) =>
    element("span", { className: "aspect", title: `${aspect} ${score.toFixed(2)}` }, aspect, bar(score, aspect)),
  );
  const whole = element("span", { className: "number", title: "score" }, hit.score.toFixed(2));
  return element("div", { className: "scores" }, whole, ...bars);
}
