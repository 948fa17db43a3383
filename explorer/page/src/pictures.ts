// Small pictures of a column: how often each value occurs, and the colours of its scale.
import { element } from "./dom";
import type { Rgb } from "./palette";

const BARS_HEIGHT = 32;

/** Counts as bars; the page's style colours them. */
export function bars(counts: Uint32Array): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const most = Math.max(1, ...counts);
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", `0 0 ${counts.length} ${BARS_HEIGHT}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "bars");
  const line = Array.from(counts, (count, k) => {
    const height = count ? Math.max(1, Math.sqrt(count / most) * BARS_HEIGHT) : 0;
    return `M${k} ${BARS_HEIGHT}v${-height}h0.8v${height}z`;
  });
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", line.join(""));
  drawing.append(path);
  return drawing;
}

/** A strip of colours from share 0 to 1. */
export function strip(colourAt: (share: number) => Rgb): HTMLCanvasElement {
  const canvas = element("canvas", { className: "gradient", width: 128, height: 1, "aria-hidden": "true" });
  const context = canvas.getContext("2d")!;
  for (let x = 0; x < canvas.width; x++) {
    context.fillStyle = `rgb(${colourAt(x / (canvas.width - 1))})`;
    context.fillRect(x, 0, 1, 1);
  }
  return canvas;
}
