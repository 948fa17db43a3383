// The list of keys, shown by ?.
import { element } from "../dom";

const KEYS: [string, string][] = [
  ["← → ↑ ↓", "go to the nearest sound that way and play it"],
  ["Space", "play or stop"],
  ["f", "favourite"],
  ["l", "more like this"],
  ["u", "less like this"],
  ["/", "search words"],
  ["Esc", "stop, and clear what was found and chosen"],
  ["+ −", "zoom"],
  ["Shift ← → ↑ ↓", "turn or move the map"],
  ["0", "the whole map"],
  ["?", "these keys"],
];

export function keysDialog(): HTMLDialogElement {
  const rows = KEYS.map(([key, meaning]) =>
    element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning)),
  );
  const close = element("button", { className: "button", autofocus: true }, "Close");
  const title = element("h2", { id: "keys-title" }, "Keys");
  const form = element("form", { method: "dialog" }, title, element("dl", {}, ...rows), close);
  return element("dialog", { className: "keys", "aria-labelledby": "keys-title" }, form);
}
