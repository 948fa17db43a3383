// How sounds are played: volume, level, loop, on hover, one after another.
import { announce } from "../announce";
import { element } from "../dom";
import type { Parts } from "./parts";

export function controls(parts: Parts): HTMLElement {
  const { store, player } = parts;
  const hover = checkbox("On hover", "Plays the sound under the pointer", (on) => store.set({ hover: on }));
  const showHover = () => (hover.querySelector("input")!.checked = store.state.hover);
  store.on(["hover"], showHover);
  showHover();
  return element(
    "div",
    { className: "controls" },
    volume(parts),
    element(
      "div",
      { className: "row" },
      checkbox("Loop", "Plays the sound over and over", (loop) => player.set({ loop })),
      checkbox("Levelled", "Plays all sounds about equally loud", (levelled) => player.set({ levelled })),
      hover,
    ),
    sequence(parts),
  );
}

function volume({ player }: Parts): HTMLElement {
  const slider = element("input", { type: "range", min: "0", max: "1", step: "0.01", value: "0.8" });
  slider.oninput = () => player.set({ volume: slider.valueAsNumber });
  return element("label", { className: "row slider" }, element("span", {}, "Volume"), slider);
}

function checkbox(name: string, meaning: string, change: (on: boolean) => void): HTMLElement {
  const box = element("input", { type: "checkbox" });
  box.onchange = () => change(box.checked);
  return element("label", { className: "check", title: meaning }, box, name);
}

/** Plays the selection from its first sound to its last; again stops. */
function sequence({ store, player }: Parts): HTMLElement {
  const button = element("button", { type: "button", className: "button" });
  const show = () => {
    const n = store.state.selection.length;
    const toCome = player.following;
    button.disabled = n === 0 && toCome === 0;
    button.textContent = toCome > 0 ? `Stop, ${toCome} to come` : `Play selection (${n})`;
  };
  button.onclick = () => {
    if (player.following > 0) return player.stop();
    announce(`Playing ${store.state.selection.length} sounds.`);
    void player.playAll(store.state.selection);
  };
  player.addEventListener("change", show);
  store.on(["selection"], show);
  show();
  return button;
}
