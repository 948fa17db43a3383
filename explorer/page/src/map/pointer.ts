// The pointer on the map: what it rests on, what it clicks, the lasso it draws.
// A press that moves further than a few pixels turns the map (or draws the lasso) and is no click.

const CLICK_PX = 5;
const LASSO_STEP_PX = 3;

export interface Gestures {
  lassoing(): boolean; // whether the next drag is a lasso
  hover(x: number | null, y: number, event: PointerEvent): void; // null: the pointer left
  click(x: number, y: number, event: PointerEvent, adds: boolean): void;
  lasso(line: number[], done: boolean, adds: boolean): void;
}

/** Tell `gestures` in CSS pixels of the element; `adds` when shift, control or command is held. */
export function watchPointer(element: HTMLElement, gestures: Gestures): void {
  let pressed: { x: number; y: number; id: number; still: boolean } | null = null;
  let line: number[] | null = null;
  const at = (event: PointerEvent): [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const adds = (event: PointerEvent) => event.shiftKey || event.ctrlKey || event.metaKey;

  element.addEventListener("pointerdown", (event) => {
    const [x, y] = at(event);
    if (!event.isPrimary) return void (pressed = line = null);
    if (event.button !== 0) return;
    pressed = { x, y, id: event.pointerId, still: true };
    if (gestures.lassoing()) line = [x, y];
    if (line) element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    if (pressed && event.pointerId === pressed.id) pressed.still &&= Math.hypot(x - pressed.x, y - pressed.y) <= CLICK_PX;
    if (line && event.pointerId === pressed?.id) {
      if (Math.hypot(x - line[line.length - 2], y - line[line.length - 1]) >= LASSO_STEP_PX) line.push(x, y);
      gestures.lasso(line, false, adds(event));
    } else if (event.buttons === 0) {
      gestures.hover(x, y, event);
    }
  });
  element.addEventListener("pointerup", (event) => {
    const [x, y] = at(event);
    const still = event.pointerId === pressed?.id && pressed.still;
    if (still) gestures.click(x, y, event, adds(event));
    if (line) gestures.lasso(still ? [] : line, true, adds(event));
    pressed = line = null;
  });
  element.addEventListener("pointercancel", (event) => {
    if (line) gestures.lasso([], true, adds(event));
    pressed = line = null;
  });
  element.addEventListener("pointerleave", (event) => gestures.hover(null, 0, event));
}
