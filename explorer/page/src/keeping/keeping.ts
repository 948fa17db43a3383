// The panel that keeps: tags, favourites, and files to take along.
import { element } from "../dom";
import type { Parts } from "../sound/parts";
import { exporting } from "./export";
import { tags } from "./tags";

export function mountKeeping(parts: Parts, panel: HTMLElement): void {
  panel.append(selection(parts), tags(parts), exporting(parts));
}

/** How many are selected, and all of them made favourites at once. */
function selection({ store, favourites }: Parts): HTMLElement {
  const count = element("span", { className: "quiet" });
  const star = element("button", { type: "button", className: "button" });
  const clear = element("button", { type: "button", className: "button" }, "Clear");
  const show = () => {
    const { selection: ids } = store.state;
    count.textContent = `${ids.length.toLocaleString("en")} selected`;
    star.disabled = clear.disabled = ids.length === 0;
    const all = ids.length > 0 && ids.every((id) => favourites.has(id));
    star.textContent = all ? "★ Favourites" : "☆ Favourites";
    star.setAttribute("aria-pressed", String(all));
  };
  star.onclick = () => void favourites.toggle(store.state.selection);
  clear.onclick = () => store.set({ selection: [] });
  store.on(["selection"], show);
  favourites.addEventListener("change", show);
  show();
  return element("div", { className: "row" }, count, star, clear);
}
