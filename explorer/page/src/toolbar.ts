// The bar above the map: which map, which folder, which colour, and what can be done with the view.
import { announce } from "./announce";
import { element, icon } from "./dom";
import type { SoundMap } from "./map/soundmap";
import type { Points } from "./points";
import type { Store } from "./state";
import { isDark } from "./theme";

const ICONS = {
  rotate: "M20 12a8 8 0 1 1-2.6-5.9M20 3v4h-4",
  lasso: "M12 4c5 0 9 2.5 9 6s-4 6-9 6-9-2.5-9-6 4-6 9-6zM7 15.500c-1.500 2 .5 3.500 2 2.500s-.5 2.500-2 3",
  all: "M4 4h3M10.500 4h3M17 4h3v3M20 10.500v3M20 17v3h-3M13.500 20h-3M7 20H4v-3M4 13.500v-3M4 7V4M9 9h6v6H9z",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300",
  theme: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
};

function tool(name: keyof typeof ICONS, label: string, run: () => void): HTMLButtonElement {
  return element("button", { type: "button", className: "icon", title: label, "aria-label": label, onclick: run }, icon(ICONS[name]));
}

/** Names and values to choose from, kept as the store has them. */
function choice<Key extends "projection" | "colour" | "folder">(
  store: Store,
  key: Key,
  label: string,
  options: [string, string][],
): HTMLElement {
  const select = element("select", {}, ...options.map(([value, textContent]) => element("option", { value, textContent })));
  const update = () => (select.value = store.state[key] ?? "");
  select.onchange = () => store.set({ [key]: key === "folder" && select.value === "" ? null : select.value });
  store.on([key], update);
  update();
  return element("label", {}, element("span", { className: "label", textContent: label }), select);
}

export function mountToolbar(store: Store, points: Points, map: SoundMap, root: HTMLElement): void {
  const { name, projections, columns, folders } = points.library;
  const title = element("div", { className: "title" }, element("h1", { textContent: "timbrespace" }), element("span", { className: "quiet", textContent: name }));
  const choices = element(
    "div",
    { className: "choices" },
    choice(store, "projection", "Map", projections.map((one) => [one.name, one.label])),
    choice(store, "colour", "Colour", columns.map((one) => [one.name, one.label])),
    folders.length > 1 && choice(store, "folder", "Folder", [["", "All folders"], ...folders.map((one): [string, string] => [one.name, one.name])]),
  );
  root.append(title, choices, tools(store, points, map));
}

function tools(store: Store, points: Points, map: SoundMap): HTMLElement {
  const rotate = tool("rotate", "Rotate the map", () => store.set({ rotate: !store.state.rotate }));
  const lasso = tool("lasso", "Lasso: draw around sounds to select them", () => {
    map.lassoing = !map.lassoing;
    lasso.setAttribute("aria-pressed", String(map.lassoing));
    announce(map.lassoing ? "Lasso on: draw around sounds." : "Lasso off.");
  });
  lasso.setAttribute("aria-pressed", "false");
  const update = () => {
    const flat = points.library.projections.find((one) => one.name === store.state.projection)?.dimensions === 2;
    rotate.disabled = flat;
    rotate.setAttribute("aria-pressed", String(store.state.rotate && !flat));
  };
  store.on(["rotate", "projection"], update);
  update();
  const theme = tool("theme", "Dark or light", () => store.set({ theme: isDark(store.state.theme) ? "light" : "dark" }));
  return element(
    "div",
    { className: "tools", role: "group", "aria-label": "View" },
    rotate,
    tool("fit", "Whole map into view", () => map.fit()),
    lasso,
    tool("all", "Select all sounds shown", () => map.selectShown()),
    tool("link", "Copy a link to this view", () => void copyLink()),
    theme,
  );
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    announce("The link to this view is copied.");
  } catch {
    announce("The browser did not allow copying; the address bar has the link.");
  }
}
