// Dark or light: as the system says, or as chosen. The page's style reads it from the root element.
import type { Store, Theme } from "./state";

const system = matchMedia("(prefers-color-scheme: dark)");

export function isDark(theme: Theme): boolean {
  return theme === "auto" ? system.matches : theme === "dark";
}

/** Keep the root element's theme right; the document gets a `timbrespace:theme` event at each change. */
export function followTheme(store: Store): void {
  const apply = () => {
    document.documentElement.dataset.theme = isDark(store.state.theme) ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("timbrespace:theme"));
  };
  store.on(["theme"], apply);
  system.addEventListener("change", apply);
  apply();
}
