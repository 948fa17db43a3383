// The line under the map: how many sounds are shown, and whether the map is a sample.
import { announce } from "./announce";
import { element } from "./dom";
import type { Points } from "./points";

const SETTLED_MS = 600; // typing goes on; only the last count is read out

function counted(n: number): string {
  return n.toLocaleString("en");
}

/** What comes back tells how many are shown. */
export function mountStatus(points: Points, hasWebgl: boolean, root: HTMLElement): (shown: number) => void {
  const { sampled, n_sounds, shown: onMap, projections } = points.library;
  const count = element("span");
  root.append(count);
  const fitted = Math.min(...projections.map((one) => one.fitted ?? onMap));
  if (onMap < n_sounds) root.append(element("span", { className: "sample" }, `This map shows a sample of ${counted(onMap)} of ${counted(n_sounds)}`));
  else if (sampled) root.append(element("span", { className: "sample" }, `Maps are computed from a sample of ${counted(fitted)} of ${counted(onMap)}; the others are placed on them`));
  if (!hasWebgl) root.append(element("span", { className: "sample" }, "This browser has no WebGL: the map is drawn slowly"));
  let timer = 0;
  return (shown) => {
    const text = shown === points.n ? `${counted(shown)} sounds` : `${counted(shown)} of ${counted(points.n)} sounds`;
    if (count.textContent !== "" && count.textContent !== text) {
      clearTimeout(timer);
      timer = window.setTimeout(() => announce(`${text} shown.`), SETTLED_MS);
    }
    count.textContent = text;
  };
}
