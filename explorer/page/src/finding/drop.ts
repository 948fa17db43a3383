// Dropping a file anywhere on the page, choosing one, or recording one.
import { element } from "../dom";
import type { Parts } from "../sound/parts";
import type { Finder } from "./finder";
import { place, type Tell } from "./placing";
import { recordButton } from "./record";

export function dropPart(parts: Parts, finder: Finder): HTMLElement {
  const status = element("p", { className: "quiet", role: "status" });
  const tell: Tell = (text, problem = false) => {
    status.textContent = text;
    status.classList.toggle("problem", problem);
  };
  const take = (file: File) => place(parts, finder, file, tell);
  catchDrops(take, tell);
  return element(
    "div",
    { className: "drop" },
    element("div", { className: "row" }, chooser(take), recordButton(take, tell)),
    element("p", { className: "quiet" }, "Or drop a sound anywhere on the page."),
    status,
  );
}

function chooser(take: (file: File) => void): HTMLElement {
  const kinds = "audio/*,.aif,.aiff,.flac";
  const input = element("input", { type: "file", accept: kinds, className: "unseen", tabIndex: -1 });
  input.setAttribute("aria-label", "A sound file");
  const button = element("button", { type: "button", className: "button" }, "Choose a file …");
  button.onclick = () => input.click();
  input.onchange = () => {
    const file = input.files?.[0];
    input.value = ""; // so that the same file can be chosen again
    if (file) take(file);
  };
  return element("span", {}, button, input);
}

/** Shows where to drop while a file is over the page, and takes it when it falls. */
function catchDrops(take: (file: File) => void, tell: Tell): void {
  const overlay = document.getElementById("drop")!;
  overlay.textContent = "Drop the sound to place it on the map";
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = (on: boolean) => (overlay.hidden = !on);
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault(); // says that it may be dropped here
    show(true);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
  document.addEventListener("drop", (event) => {
    show(false);
    if (!holdsFiles(event)) return;
    event.preventDefault(); // else the browser would open the file
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 1) take(files[0]);
    else tell("Drop one sound at a time; whole folders are added by `timbrespace library add`.", true);
  });
}
