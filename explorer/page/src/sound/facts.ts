// What is known of a sound, in words and units.
import { element } from "../dom";
import { readable } from "../scales";
import type { Sound } from "../source";
import { bar } from "./bar";
import { breakable } from "./names";
import type { Parts } from "./parts";

/** What the sound is likely to be, then its measures: those that the library has a column for. */
export function facts(parts: Parts, sound: Sound): HTMLElement {
  const list = element("dl", { className: "facts" });
  for (const [term, value] of [...kinds(sound), ...measures(parts, sound)]) {
    if (value === null) continue;
    list.append(element("div", {}, element("dt", {}, term), element("dd", {}, ...breakable(value))));
  }
  return element("div", {}, list, likely("Nearest instruments", sound.nearest));
}

function kinds(sound: Sound): [string, string | null][] {
  return [
    ["Instrument", sound.instrument],
    ["Family", withProbability(sound.family, sound.family_probability)],
    ["Source", withProbability(sound.source, sound.source_probability)],
  ];
}

function measures({ map }: Parts, sound: Sound): [string, string | null][] {
  const columns = map.points.library.columns.filter(({ kind }) => kind === "continuous");
  const values = new Map<string, unknown>(Object.entries(sound));
  const written = columns.map((info): [string, string | null] => {
    const value = values.get(info.name);
    return [info.label, typeof value === "number" ? readable(value, info) : null];
  });
  return [...written, ["Format", format(sound)]];
}

/** "44.1 kHz, stereo". */
function format({ sample_rate_hz, channels }: Sound): string {
  const spoken = ["", "mono", "stereo"][channels] ?? `${channels} channels`;
  return `${sample_rate_hz / 1000} kHz, ${spoken}`;
}

function withProbability(name: string | null, probability: number | null): string | null {
  return name === null || probability === null ? name : `${name}, ${percentage(probability)}`;
}

export function percentage(probability: number): string {
  return `${Math.round(100 * probability)}\u00a0%`; // a space that no line breaks at
}

/** Names with probabilities as a list of bars, the likeliest first. */
export function likely(title: string, candidates: readonly [string, number][]): HTMLElement | null {
  if (candidates.length === 0) return null;
  const items = candidates.map(([name, probability]) => {
    const percent = element("span", { className: "number" }, percentage(probability));
    return element("li", {}, element("span", {}, name), bar(probability, name), percent);
  });
  return element(
    "section",
    { className: "likely" },
    element("h4", {}, title),
    element("ol", { className: "list" }, ...items),
  );
}
