// Buttons that every list of sounds has: play, favourite, show on the map.
import { element, icon } from "../dom";
import { nameOf, seenAndSaid, shortened } from "./names";
import type { Parts } from "./parts";

const PLAY = "M8 5v14l11-7z";
const STOP = "M6 6h12v12H6z";
const STAR = "M12 3l2.7 5.8 6.3.8-4.6 4.3 1.2 6.2L12 17l-5.6 3.1 1.2-6.2L3 9.6l6.3-.8z";

/** Plays the sound, or stops it while it is on. */
export function playButton(parts: Parts, id: number): HTMLButtonElement {
  const { player } = parts;
  const button = element("button", { type: "button", className: "icon play" });
  button.onclick = () => player.toggle(id);
  const name = nameOf(parts, id);
  const show = () => {
    const on = player.current === id;
    button.setAttribute("aria-label", `${on ? "Stop" : "Play"} ${name}`);
    button.replaceChildren(icon(on ? STOP : PLAY));
  };
  whileShown(button, player, show);
  return button;
}

/** Makes the sound a favourite, or no longer one. */
export function favouriteButton(parts: Parts, id: number): HTMLButtonElement {
  const { favourites } = parts;
  const button = element("button", { type: "button", className: "icon star" }, icon(STAR));
  button.onclick = () => void favourites.toggle([id]);
  button.setAttribute("aria-label", `Favourite ${nameOf(parts, id)}`);
  const show = () => button.setAttribute("aria-pressed", String(favourites.has(id)));
  whileShown(button, favourites, show);
  return button;
}

/** The sound's name, which brings it into focus and into view. */
export function nameButton(parts: Parts, id: number): HTMLButtonElement {
  const { store, map } = parts;
  const name = nameOf(parts, id);
  const shown = seenAndSaid(shortened(name), name);
  const button = element("button", { type: "button", className: "name", title: name }, ...shown);
  button.onclick = () => {
    store.set({ focus: id });
    map.reveal(id);
    void parts.player.play(id);
  };
  return button;
}

/** Calls `show` now and at each change, until the element has left the page. */
function whileShown(shown: HTMLElement, changing: EventTarget, show: () => void): void {
  let wasThere = false;
  const update = () => {
    wasThere ||= shown.isConnected;
    if (wasThere && !shown.isConnected) changing.removeEventListener("change", update);
    else show();
  };
  changing.addEventListener("change", update);
  show();
}
