// The map by keys: + and - zoom, 0 shows all, shift with arrows turns (3-D) or moves (2-D).
// Arrows alone walk from sound to sound and belong to the sound part.
import type { SoundMap } from "./soundmap";

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const ZOOMS: Record<string, number> = { "+": 0.8, "=": 0.8, "-": 1.25 };
const TYPING = "input, textarea, select, dialog, [role=tablist]";

export function mountMapKeys(map: SoundMap): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).closest(TYPING)) return;
    const { view } = map.stage;
    if (event.shiftKey && event.key in STEPS) view.step(...STEPS[event.key]);
    else if (event.key in ZOOMS) view.zoom(ZOOMS[event.key]);
    else if (event.key === "0") map.fit();
    else return;
    event.preventDefault(); // so that the sound part does not walk
  });
}
