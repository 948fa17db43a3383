// What lies over the points: lines to neighbours, halos, the marker of a sound from outside,
// names of groups, the lasso. A few hundred strokes on a canvas of their own.
import { withoutOverlap, type Label } from "./labels";

export interface Place {
  x: number;
  y: number;
}

/** A sound with its name; the radius is that of its point. */
export interface Named extends Place {
  radius: number;
  name: string;
}

/** What is to be drawn in this frame, in CSS pixels. */
export interface Drawing {
  focus: Named | null;
  hover: Named | null;
  hits: Place[]; // the best first
  from: Place[]; // where lines to the hits begin
  mark: (Place & { name: string }) | null;
  labels: Label[];
  lasso: number[]; // [x0, y0, x1, y1, …]
}

export interface Inks {
  ink: string;
  ground: string;
  accent: string;
}

export class Overlay {
  private readonly context: CanvasRenderingContext2D;
  private width = 1;
  private height = 1;
  private font = "12px sans-serif";
  private textPx = 12;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d")!;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
    this.context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this.textPx = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.85;
    this.font = `600 ${this.textPx}px system-ui, sans-serif`;
  }

  paint(drawing: Drawing, inks: Inks): void {
    this.context.clearRect(0, 0, this.width, this.height);
    this.lines(drawing, inks);
    for (const hit of drawing.hits) this.circle(hit, 6, inks.accent, 1.5);
    this.labels(drawing, inks);
    if (drawing.mark) this.marker(drawing.mark, inks);
    if (drawing.focus) this.halo(drawing.focus, inks);
    if (drawing.hover) this.rest(drawing.hover, inks);
    const named = drawing.hover ?? drawing.focus;
    if (named) this.name(named, inks);
    if (drawing.lasso.length) this.lasso(drawing.lasso, inks);
  }

  private lines({ hits, from }: Drawing, { accent }: Inks): void {
    this.context.strokeStyle = accent;
    hits.forEach((hit, rank) => {
      this.context.globalAlpha = 0.75 - (0.5 * rank) / hits.length;
      this.context.lineWidth = 1.25;
      for (const start of from) this.stroke([start.x, start.y, hit.x, hit.y]);
    });
    this.context.globalAlpha = 1;
  }

  private stroke(line: number[], closed = false): void {
    this.context.beginPath();
    for (let at = 0; at < line.length; at += 2) this.context.lineTo(line[at], line[at + 1]);
    if (closed) this.context.closePath();
    this.context.stroke();
  }

  private circle({ x, y }: Place, radius: number, colour: string, width: number): void {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.strokeStyle = colour;
    this.context.lineWidth = width;
    this.context.stroke();
  }

  private halo(focus: Named, { ink, ground, accent }: Inks): void {
    this.circle(focus, focus.radius + 5, ground, 5);
    this.circle(focus, focus.radius + 5, accent, 2.5);
    this.circle(focus, focus.radius + 1, ink, 1.5);
  }

  private rest(hover: Named, { ink, ground }: Inks): void {
    this.circle(hover, hover.radius + 2, ground, 4);
    this.circle(hover, hover.radius + 2, ink, 2);
  }

  /** The name above its point, or below where there is no room. */
  private name({ x, y, radius, name }: Named, { ink, ground }: Inks): void {
    this.context.font = this.font;
    const half = this.context.measureText(name).width / 2 + 4;
    const middle = Math.min(this.width - half, Math.max(half, x));
    const side = y > 3 * this.textPx ? -1 : 1;
    this.text(name, middle, y + side * (radius + this.textPx + 8), ink, ground);
  }

  /** A ring with a cross: a sound that is not of the library. */
  private marker(mark: Place & { name: string }, { ink, ground, accent }: Inks): void {
    for (const [colour, width] of [[ground, 6], [accent, 3]] as const) {
      this.circle(mark, 10, colour, width);
      this.stroke([mark.x - 16, mark.y, mark.x + 16, mark.y]);
      this.stroke([mark.x, mark.y - 16, mark.x, mark.y + 16]);
    }
    this.text(mark.name, mark.x, mark.y + 18 + this.textPx, ink, ground);
  }

  private labels({ labels, hover, focus, mark }: Drawing, { ink, ground }: Inks): void {
    this.context.font = this.font;
    const widthOf = (text: string) => this.context.measureText(text).width;
    const named = [hover ?? focus, mark].filter((place) => place !== null);
    const clear = labels.filter(({ x, y }) =>
      named.every((place) => Math.abs(place.y - y) > 3.5 * this.textPx || Math.abs(place.x - x) > 12 * this.textPx),
    );
    for (const label of withoutOverlap(clear, widthOf, this.textPx * 1.3, [this.width, this.height])) {
      this.text(label.text, label.x, label.y, ink, ground);
    }
  }

  private text(text: string, x: number, y: number, ink: string, ground: string): void {
    Object.assign(this.context, { font: this.font, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    Object.assign(this.context, { strokeStyle: ground, lineWidth: 4, fillStyle: ink });
    this.context.strokeText(text, x, y);
    this.context.fillText(text, x, y);
  }

  private lasso(line: number[], { accent }: Inks): void {
    Object.assign(this.context, { strokeStyle: accent, fillStyle: accent, lineWidth: 2 });
    this.context.setLineDash([6, 4]);
    this.stroke(line, true);
    this.context.setLineDash([]);
    this.context.globalAlpha = 0.12;
    this.context.fill();
    this.context.globalAlpha = 1;
  }
}
