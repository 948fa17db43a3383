// A strip of scores with the threshold: discs above it are accepted, crosses below it rejected.
import { element } from "../dom";
import type { Verification } from "../source";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const HEIGHT = 74;
const MARGIN = 14;
const AXIS = 46;

export function strip({ scores, threshold, accepted }: Verification): HTMLElement {
  const low = Math.min(threshold, ...scores);
  const high = Math.max(threshold, ...scores);
  const span = high - low || 1;
  const x = (score: number) => MARGIN + ((score - low) / span) * (WIDTH - 2 * MARGIN);
  const drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  const spoken = `Scores from ${low.toFixed(2)} to ${high.toFixed(2)}, threshold ${threshold.toFixed(2)}`;
  drawing.setAttribute("aria-label", spoken);
  drawing.append(
    draw("line", { class: "axis", x1: MARGIN, x2: WIDTH - MARGIN, y1: AXIS, y2: AXIS }),
    draw("line", { class: "threshold", x1: x(threshold), x2: x(threshold), y1: 16, y2: AXIS + 4 }),
    label(`threshold ${threshold.toFixed(2)}`, x(threshold), 11),
    label(low.toFixed(2), MARGIN, HEIGHT - 12),
    label(high.toFixed(2), WIDTH - MARGIN, HEIGHT - 12),
    ...scores.map((score, i) => sign(accepted[i], x(score), AXIS - 8 - 7 * (i % 3))),
  );
  const figure = element("figure", { className: "strip" });
  figure.append(drawing, element("figcaption", { className: "quiet" }, "● accepted   ✕ rejected"));
  return figure;
}

function sign(accepted: boolean, x: number, y: number): SVGElement {
  if (accepted) return draw("circle", { class: "accepted", cx: x, cy: y, r: 4 });
  const cross = `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}`;
  return draw("path", { class: "rejected", d: cross });
}

function label(text: string, x: number, y: number): SVGElement {
  const inside = Math.max(MARGIN + 30, Math.min(WIDTH - MARGIN - 30, x));
  const made = draw("text", { x: inside, y, "text-anchor": "middle" });
  made.textContent = text;
  return made;
}

function draw(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
