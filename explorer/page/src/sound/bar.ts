// A bar for a share between 0 and 1, which says its value to who cannot see it.
import { element } from "../dom";

export function bar(share: number, label: string): HTMLElement {
  const full = element("span", {});
  full.style.width = `${100 * Math.max(0, Math.min(1, share))}%`;
  const settings = { className: "bar", role: "meter", "aria-label": label, "aria-valuenow": share.toFixed(2) };
  return element("span", { ...settings, "aria-valuemin": 0, "aria-valuemax": 1 }, full);
}
