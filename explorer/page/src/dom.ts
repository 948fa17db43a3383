// Elements in one call; never from strings of markup, so that no name of a file can become markup.
type Child = Node | string | null | false;

/** `element("button", { type: "button", onclick: go }, "Go")`; keys with a dash become attributes. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  settings: Record<string, unknown> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(settings)) {
    if (key.includes("-") || key === "role" || key === "for") made.setAttribute(key, String(value));
    else Object.assign(made, { [key]: value });
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}

/** An icon from a path on a 24 × 24 grid, drawn in the colour of the text, silent to screen readers. */
export function icon(path: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}
