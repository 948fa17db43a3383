// More like this, less like this: what a search goes by.
import { announce } from "../announce";
import { element, icon } from "../dom";
import { reveal } from "../panels";
import { nameOf } from "../sound/names";
import type { Parts } from "../sound/parts";
import type { State, Store } from "../state";

type List = "liked" | "unliked";

const MORE = "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z";
const LESS = "M5 11h14v2H5z";

/** Puts the sound on one list, which takes it from the other, or takes it off again. */
export function toggleLiking(store: Store, list: List, id: number): void {
  const other = list === "liked" ? "unliked" : "liked";
  const was = store.state[list].includes(id);
  const isFirst = store.state.liked.length + store.state.unliked.length === 0;
  const patch: Partial<State> = {
    [list]: was ? without(store.state[list], id) : [...store.state[list], id],
    [other]: without(store.state[other], id),
  };
  store.set(patch);
  if (isFirst) reveal("panel-finding"); // where the answer comes
  announce(was ? "No longer searched by." : list === "liked" ? "More like this." : "Less like this.");
}

function without(ids: readonly number[], id: number): number[] {
  return ids.filter((other) => other !== id);
}

/** The two buttons that ask for more or for less like a sound. */
export function likingButtons(parts: Parts, id: number): HTMLButtonElement[] {
  return [likingButton(parts, id, "liked"), likingButton(parts, id, "unliked")];
}

function likingButton(parts: Parts, id: number, list: List): HTMLButtonElement {
  const { store } = parts;
  const asked = list === "liked" ? "More" : "Less";
  const button = element("button", { type: "button", className: "icon" }, icon(asked === "More" ? MORE : LESS));
  button.title = `${asked} like this`;
  button.setAttribute("aria-label", `${asked} like ${nameOf(parts, id)}`);
  const show = () => button.setAttribute("aria-pressed", String(store.state[list].includes(id)));
  button.onclick = () => toggleLiking(store, list, id);
  const stop = store.on(["liked", "unliked"], () => (button.isConnected ? show() : stop()));
  show();
  return button;
}
