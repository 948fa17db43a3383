// Takes sounds along: a table, a playlist, or an archive of the files.
import { announce } from "../announce";
import { element } from "../dom";
import type { Parts } from "../sound/parts";

const FORMATS = [
  ["csv", "table (CSV)"],
  ["m3u", "playlist (M3U)"],
  ["zip", "files (ZIP)"],
] as const;
type Format = (typeof FORMATS)[number][0];
const STATIC_HINT = "This is a published map: playlists and files need `timbrespace explore`.";
const SETS = ["selection", "similar sounds", "favourites", "all shown"] as const;
type Chosen = (typeof SETS)[number];

export function exporting(parts: Parts): HTMLElement {
  const { source, store, favourites } = parts;
  const formats = FORMATS.filter(([format]) => !source.isStatic || format === "csv");
  const which = choice("Which sounds", SETS.map((set) => [set, set]));
  const format = choice("Format", formats);
  const button = element("button", { className: "button primary" });
  const problem = element("p", { className: "problem", role: "alert" });
  const show = () => {
    const n = idsOf(parts, which.value as Chosen).length;
    button.textContent = `Export ${n}`;
    button.disabled = n === 0;
  };
  const form = element("form", { className: "row" }, which, format, button);
  form.onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = await downloaded(parts, idsOf(parts, which.value as Chosen), format.value as Format);
    show();
  };
  which.onchange = which.onfocus = show;
  store.on(["selection", "hits", "filters", "words", "folder", "favouritesOnly"], () => setTimeout(show));
  favourites.addEventListener("change", show);
  show();
  const why = source.isStatic && element("p", { className: "quiet" }, STATIC_HINT);
  return element("section", { className: "exporting" }, element("h3", {}, "Export"), form, why, problem);
}

function choice(label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  const items = options.map(([value, text]) => element("option", { value }, text));
  return element("select", { "aria-label": label }, ...items);
}

function idsOf({ store, map, favourites }: Parts, set: Chosen): number[] {
  if (set === "selection") return [...store.state.selection];
  if (set === "similar sounds") return store.state.hits.map((hit) => hit.id);
  if (set === "favourites") return favourites.all;
  return Array.from(map.points.ids.filter((_, row) => map.shown[row] > 0));
}

/** Downloads the sounds; what comes back is a problem, or nothing. */
async function downloaded({ source }: Parts, ids: number[], format: Format): Promise<string> {
  try {
    const url = URL.createObjectURL(await source.export(ids, format));
    element("a", { href: url, download: `timbrespace-${ids.length}-sounds.${format}` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    return (error as Error).message;
  }
  announce(`Exported ${ids.length} sounds.`);
  return "";
}
