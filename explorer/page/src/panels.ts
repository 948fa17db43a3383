// On narrow screens the panels become tabs under the map, one open at a time; on wide ones all are open.
import { element } from "./dom";
import { calm } from "./motion";

const narrow = matchMedia("(max-width: 860px)");

/** `tabs` is the landmark that gets the list of tabs. */
export function mountPanels(tabs: HTMLElement): void {
  const panels = [...document.querySelectorAll<HTMLElement>(".panel")].filter((panel) => !panel.hidden);
  const buttons = panels.map((panel) => tab(panel, () => open(panel)));
  tabs.append(element("div", { role: "tablist", "aria-label": "Panels" }, ...buttons));

  const open = (chosen: HTMLElement) => {
    panels.forEach((panel, k) => {
      const isOpen = panel === chosen;
      panel.classList.toggle("open", isOpen);
      buttons[k].setAttribute("aria-selected", String(isOpen));
      buttons[k].tabIndex = isOpen ? 0 : -1;
    });
  };
  const arrange = () => {
    for (const panel of panels) {
      if (narrow.matches) panel.setAttribute("role", "tabpanel");
      else panel.removeAttribute("role");
    }
  };
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = (buttons.indexOf(document.activeElement as HTMLButtonElement) + step + buttons.length) % buttons.length;
    open(panels[at]);
    buttons[at].focus();
    event.preventDefault();
  });
  narrow.addEventListener("change", arrange);
  arrange();
  open(panels[0]);
}

/** Bring a panel into view: on narrow screens its tab is opened, on wide ones its side scrolls to it. */
export function reveal(id: string): void {
  const panel = document.getElementById(id)!;
  const side = panel.parentElement!;
  if (narrow.matches) return document.querySelector<HTMLElement>(`[aria-controls="${id}"]`)!.click();
  const top = side.scrollTop + panel.getBoundingClientRect().top - side.getBoundingClientRect().top;
  side.scrollTo({ top, behavior: calm() ? "auto" : "smooth" }); // the side alone: the page stays
}

function tab(panel: HTMLElement, run: () => void): HTMLButtonElement {
  const heading = panel.querySelector("h2")!;
  heading.id = `${panel.id}-title`;
  panel.setAttribute("aria-labelledby", heading.id);
  return element("button", { type: "button", role: "tab", "aria-controls": panel.id, onclick: run }, panel.dataset.title ?? "");
}
