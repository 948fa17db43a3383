// Tags of the selection, or of the sound in focus where nothing is selected.
import { announce } from "../announce";
import { element } from "../dom";
import { seenAndSaid } from "../sound/names";
import type { Parts } from "../sound/parts";

const MOST_LOOKED_AT = 40; // sounds whose tags are shown: each is a question to the server
const WAIT_MS = 200; // while one walks from sound to sound

export function tags(parts: Parts): HTMLElement {
  const { store, source } = parts;
  if (source.isStatic) {
    return element("p", { className: "quiet" }, "This is a published map: tags are kept by `timbrespace explore`.");
  }
  const list = element("ul", { className: "tags", "aria-label": "Tags" });
  const problem = element("p", { className: "problem", role: "alert" });
  const change: Change = async (add, remove) => {
    problem.textContent = await saved(parts, add, remove);
    await show();
  };
  const show = () => showTags(parts, list, change);
  let timer = 0;
  store.on(["selection", "focus"], () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void show(), WAIT_MS);
  });
  void show();
  return element("section", { className: "tagging" }, element("h3", {}, "Tags"), list, form(parts, change), problem);
}

type Change = (add: string[], remove: string[]) => Promise<void>;

/** The sounds that a tag goes to. */
function meant({ store }: Parts): number[] {
  const { selection, focus } = store.state;
  if (selection.length > 0) return [...selection];
  return focus === null || focus < 0 ? [] : [focus];
}

/** Saves and says so; what comes back is a problem, or nothing. */
async function saved(parts: Parts, add: string[], remove: string[]): Promise<string> {
  const { source, map } = parts;
  const ids = meant(parts);
  if (ids.length === 0) return "Choose a sound first.";
  try {
    await source.tag(ids, add, remove);
  } catch (error) {
    return (error as Error).message;
  }
  map.points.forget("tag");
  const sounds = ids.length === 1 ? "1 sound" : `${ids.length} sounds`;
  announce(add.length > 0 ? `Tagged ${sounds}: ${add.join(", ")}.` : `Removed ${remove.join(", ")} from ${sounds}.`);
  return "";
}

/** Each tag with how many of the sounds have it, and a way to take it off. */
async function showTags(parts: Parts, list: HTMLElement, change: Change): Promise<void> {
  const ids = meant(parts).slice(0, MOST_LOOKED_AT);
  const counts = new Map<string, number>();
  const sounds = await Promise.all(ids.map((id) => parts.source.sound(id).catch(() => null)));
  for (const tag of sounds.flatMap((sound) => sound?.tags ?? [])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  if (ids.join() !== meant(parts).slice(0, MOST_LOOKED_AT).join()) return; // others are chosen by now
  const chips = [...counts].sort().map(([tag, n]) => chip(tag, n < ids.length ? ` (${n})` : "", change));
  const n = meant(parts).length;
  if (n > ids.length) chips.push(element("li", { className: "quiet" }, `of the first ${ids.length} of ${n} sounds`));
  list.replaceChildren(...chips);
  list.hidden = chips.length === 0;
}

function chip(tag: string, count: string, change: Change): HTMLElement {
  const shown = seenAndSaid(`${tag}${count} ×`, `Remove the tag ${tag}${count}`);
  const button = element("button", { type: "button", className: "chip" }, ...shown);
  button.onclick = () => void change([], [tag]);
  return element("li", {}, button);
}

/** Adds tags, commas between; those of the library are offered. */
function form({ map }: Parts, change: Change): HTMLElement {
  const known = element("datalist", { id: "known-tags" });
  const input = element("input", { type: "text", placeholder: "bright, for intro", maxLength: 200 });
  input.setAttribute("list", "known-tags");
  input.setAttribute("aria-label", "New tags, commas between");
  input.onfocus = async () => {
    const column = await map.points.column("tag").catch(() => null);
    if (column?.kind === "categorical") {
      known.replaceChildren(...column.values.map((value) => element("option", { value })));
    }
  };
  const add = element("button", { className: "button" }, "Add");
  const made = element("form", { className: "row" }, input, known, add);
  made.onsubmit = async (event) => {
    event.preventDefault();
    const names = [...new Set(input.value.split(",").map((name) => name.trim()).filter(Boolean))];
    if (names.length === 0) return;
    input.value = "";
    await change(names, []);
  };
  return made;
}
