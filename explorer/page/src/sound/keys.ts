// The keyboard: walk the map by ear, play, keep, find.
import { announce } from "../announce";
import { toggleLiking } from "../finding/liking";
import { keysDialog } from "./keysdialog";
import { nearestTo, nearestTowards, type Direction } from "./nearest";
import { nameOf } from "./names";
import type { Parts } from "./parts";

const ARROWS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
/** Where a key already means something else. */
const OWN_KEYS =
  "input:not([type=checkbox]), textarea, select, [contenteditable], [role=slider], [role=tablist], dialog";

export function mountKeys(parts: Parts, page: HTMLElement): void {
  const dialog = keysDialog();
  page.append(dialog);
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (dialog.open || target.closest(OWN_KEYS)) return;
    if (event.key === " " && target.closest("button, a, summary, input")) return; // presses it
    if (act(parts, dialog, event.key)) event.preventDefault();
  });
}

/** Does what a key asks for; false when it asks for nothing. */
function act(parts: Parts, dialog: HTMLDialogElement, key: string): boolean {
  const { store, player, favourites } = parts;
  const { focus } = store.state;
  if (key in ARROWS) walk(parts, ARROWS[key]);
  else if (key === "?") dialog.showModal();
  else if (key === "/") focusSearch();
  else if (key === "Escape") clear(parts);
  else if (focus === null) return false;
  else if (key === " ") player.toggle(focus);
  else if (key === "f") void favourites.toggle([focus]);
  else if (key === "l") toggleLiking(store, "liked", focus);
  else if (key === "u") toggleLiking(store, "unliked", focus);
  else return false;
  return true;
}

/** Goes to the nearest sound that way and plays it; from nowhere, to the middle of the map. */
function walk(parts: Parts, direction: Direction): void {
  const { store, map, player } = parts;
  const { focus } = store.state;
  const places = map.screenPositions();
  const from = focus === null ? undefined : map.points.rowOf(focus);
  const there = from !== undefined && !Number.isNaN(places[2 * from]);
  const row = there ? nearestTowards(places, from, direction) : middle(parts);
  if (row === null) return announce(`No sound further ${direction}.`);
  const id = map.points.ids[row];
  store.set({ focus: id });
  announce(nameOf(parts, id));
  void player.play(id);
}

function middle({ map }: Parts): number | null {
  const { clientWidth, clientHeight } = map.element;
  return nearestTo(map.screenPositions(), clientWidth / 2, clientHeight / 2, 1)[0] ?? null;
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
}

/** Silence, and nothing found or chosen. */
function clear({ store, player }: Parts): void {
  player.stop();
  store.set({ selection: [], liked: [], unliked: [], hits: [], focus: null });
}
