// Names of sounds, as long as there is room.
import { element } from "../dom";
import type { Parts } from "./parts";

const LONGEST = 32;

/** A sound's name: of the library, or of one from outside. */
export function nameOf({ map, outside }: Parts, id: number): string {
  const row = map.points.rowOf(id);
  if (row !== undefined) return map.points.name(row);
  const blob = outside.get(id);
  return blob instanceof File ? blob.name : `Sound ${id}`;
}

/** A long name without its middle: files of a kind differ at their ends. */
export function shortened(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST / 2 - 1)}…${name.slice(-LONGEST / 2)}`;
}

/** One text for the eye and another for who listens. */
export function seenAndSaid(seen: string, said: string): HTMLElement[] {
  return [element("span", { "aria-hidden": "true" }, seen), element("span", { className: "unseen" }, said)];
}

/** The text with places to break the line after `_`, `-`, `/` and before an ending. */
export function breakable(text: string): Node[] {
  return text.split(/(?<=[_\-/])|(?<=\.)(?=\D)/).flatMap((part) => [document.createTextNode(part), element("wbr")]);
}
