// The panel of the chosen sound: what it is, how it looks, and how it is played.
import { element } from "../dom";
import { likingButtons } from "../finding/liking";
import { controls } from "./controls";
import { facts } from "./facts";
import { favouriteButton, playButton } from "./buttons";
import { nearestTo } from "./nearest";
import { breakable, nameOf } from "./names";
import { numbersOf, type Parts } from "./parts";
import { SoundView } from "./view";

const AHEAD_ON_SCREEN = 10;
const AHEAD_OF_HITS = 6;
const LONGEST_AHEAD_S = 30;
const AHEAD_AFTER_MS = 60; // what was clicked comes first

export function mountSound(parts: Parts, panel: HTMLElement): void {
  const { store, player, map } = parts;
  const view = new SoundView(player);
  const problem = element("p", { className: "problem", role: "alert" });
  const [title, known] = [element("div"), element("div")];
  panel.append(title, view.element, problem, controls(parts), known);

  const show = () => void showSound(parts, view, title, known);
  store.on(["focus"], show);
  const durationS = numbersOf(map, "duration_s");
  let timer = 0;
  store.on(["focus", "hits"], () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => decodeAhead(parts, durationS), AHEAD_AFTER_MS);
  });
  player.addEventListener("change", () => (problem.textContent = player.problem ?? ""));
  player.addEventListener("next", () => store.set({ focus: player.current }));
  map.onPick((id) => void player.play(id));
  map.onHover((id) => {
    if (id !== null && store.state.hover) void player.play(id);
    else if (id !== null) player.decoded.ahead([id]);
  });
  for (const gesture of ["pointerdown", "keydown"] as const) {
    document.addEventListener(gesture, () => player.wake(), { once: true });
  }
  show();
}

/** Shows the sound in focus; the picture at first from the overview, then from its samples. */
async function showSound(parts: Parts, view: SoundView, title: HTMLElement, known: HTMLElement): Promise<void> {
  const { store, source } = parts;
  const id = store.state.focus;
  view.clear(id);
  title.replaceChildren(id === null ? hint() : heading(parts, id));
  known.replaceChildren();
  if (id === null) return;
  try {
    const sound = await source.sound(id);
    if (store.state.focus !== id) return; // another is in focus by now
    known.replaceChildren(facts(parts, sound));
    await view.show(sound);
  } catch (error) {
    if (store.state.focus !== id) return;
    if (!known.hasChildNodes()) view.clear(null); // there is not even its overview to see
    known.append(element("p", { className: "problem" }, (error as Error).message));
  }
}

function hint(): HTMLElement {
  const keys = element("kbd", {}, "?");
  return element("p", { className: "quiet" }, "Click a dot to hear it. Press ", keys, " for the keys.");
}

function heading(parts: Parts, id: number): HTMLElement {
  const row = parts.map.points.rowOf(id);
  const folder = row === undefined ? "" : parts.map.points.folder(row);
  return element(
    "div",
    { className: "heading" },
    playButton(parts, id),
    element("h3", {}, ...breakable(nameOf(parts, id))),
    ...likingButtons(parts, id),
    favouriteButton(parts, id),
    folder !== "" && element("p", { className: "quiet" }, ...breakable(folder)),
  );
}

/** Decodes what may be wanted next: what lies around on the screen, and what was found. */
function decodeAhead({ store, map, player }: Parts, durationS: (id: number) => number | null): void {
  const { focus, hits } = store.state;
  const row = focus === null ? undefined : map.points.rowOf(focus);
  const places = map.screenPositions();
  const near = row === undefined ? [] : nearestTo(places, places[2 * row], places[2 * row + 1], AHEAD_ON_SCREEN);
  const wanted = [...near.map((one) => map.points.ids[one]), ...hits.slice(0, AHEAD_OF_HITS).map((hit) => hit.id)];
  player.decoded.ahead(wanted.filter((id) => (durationS(id) ?? 0) <= LONGEST_AHEAD_S));
}
