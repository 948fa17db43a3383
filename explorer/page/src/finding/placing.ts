// Places a sound from outside on the map and finds what is like it.
// Comes in: a file, dropped, chosen or recorded. Goes out: a marker, `finder.placed`, and hits.
import { announce } from "../announce";
import { reveal } from "../panels";
import type { Parts } from "../sound/parts";
import type { Finder } from "./finder";

const LARGEST_BYTES = 50_000_000;

/** What placing tells as it goes: a line of text; a problem is one that a person should act on. */
export type Tell = (text: string, problem?: boolean) => void;

let nextId = -1;

export async function place(parts: Parts, finder: Finder, file: File, tell: Tell): Promise<void> {
  reveal("panel-finding"); // a file may fall anywhere on the page
  if (file.size > LARGEST_BYTES) {
    const megabytes = Math.round(file.size / 1e6);
    return tell(`${file.name} has ${megabytes} MB; at most 50 MB can be placed. Cut the part that matters.`, true);
  }
  tell(`Listening to ${file.name} …`);
  try {
    const placement = await parts.source.place(file);
    const id = nextId--;
    parts.outside.clear();
    parts.outside.set(id, file);
    parts.map.mark(placement.positions, file.name);
    parts.store.set({ liked: [], unliked: [] }); // what is found is like this sound alone
    finder.set({ placed: { ...placement, id } });
    tell("");
    announce(`${file.name} is on the map.`);
    await parts.player.play(id);
    if (parts.player.problem) tell(`${file.name} is on the map but cannot be heard. ${parts.player.problem}`, true);
  } catch (error) {
    tell(`${file.name}: ${(error as Error).message}`, true);
  }
}

/** Takes the marker off the map and the sound out of the search. */
export function remove(parts: Parts, finder: Finder): void {
  if (parts.player.current === finder.placed?.id) parts.player.stop();
  parts.outside.clear();
  parts.map.mark(null, "");
  finder.set({ placed: null });
}
