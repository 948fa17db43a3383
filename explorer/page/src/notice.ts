// One line over the map: what is computed, what went wrong, what to do about it.
import { element } from "./dom";

export interface Notice {
  text: string;
  share?: number; // of the work that is done, from 0 to 1
  isError?: boolean;
  action?: { label: string; run: () => void };
}

/** Show a notice; null takes it away. */
export function notify(notice: Notice | null): void {
  const root = document.getElementById("notice")!;
  root.replaceChildren();
  root.classList.toggle("error", notice?.isError === true);
  if (notice === null) return;
  root.append(element("p", {}, notice.text));
  if (notice.share !== undefined) root.append(element("progress", { value: notice.share, max: 1, "aria-label": notice.text }));
  if (notice.action) root.append(element("button", { type: "button", className: "button", onclick: notice.action.run }, notice.action.label));
}

/** A whole-page state instead of the map: no sounds, no server. */
export function placard(title: string, ...lines: (Node | string)[]): void {
  const text = lines.map((line) => element("p", {}, line));
  const stage = document.getElementById("stage")!;
  stage.replaceChildren(element("div", { className: "placard" }, element("h1", {}, title), ...text));
  document.body.classList.add("bare");
}
