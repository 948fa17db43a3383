// The points by one draw call of three.js: a million is one buffer of positions and one of colours.
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  ColorManagement,
  CustomBlending,
  OneFactor,
  Points,
  Scene,
  ShaderMaterial,
  WebGLRenderer,
  ZeroFactor,
  type PerspectiveCamera,
} from "three";
import type { Look, Painter } from "./painter";
import { FRAGMENT, VERTEX } from "./shaders";

ColorManagement.enabled = false; // colours are sRGB from the palette to the screen

const MOST_SMOOTHED = 20_000; // points; more are drawn so small that smooth edges cost time and show nothing

function colourOf([red, green, blue]: [number, number, number]): Color {
  return new Color(red / 255, green / 255, blue / 255);
}

/** The rows in an order that says nothing: no folder covers another, and any part of it is a fair sample. */
function shuffled(n: number): Uint32Array {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  for (let last = n - 1, seed = 1; last > 0; last--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((seed / 2 ** 32) * (last + 1));
    [rows[last], rows[other]] = [rows[other], rows[last]];
  }
  return rows;
}

export class WebglPainter implements Painter {
  private readonly renderer: WebGLRenderer;
  private readonly geometry = new BufferGeometry();
  private readonly scene = new Scene();
  private readonly material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    // The alpha of an edge says which samples it covers; what is drawn stays opaque.
    blending: CustomBlending,
    blendSrc: OneFactor,
    blendDst: ZeroFactor,
    blendSrcAlpha: ZeroFactor,
    blendDstAlpha: OneFactor,
    uniforms: Object.fromEntries(
      ["sizePx", "pixelRatio", "blend", "nearDepth", "farDepth", "ground", "ink"].map((name) => [name, { value: 1 }]),
    ),
  });

  /** Throws where the browser has no WebGL. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    n: number,
  ) {
    const antialias = n <= MOST_SMOOTHED;
    this.material.alphaToCoverage = antialias;
    this.renderer = new WebGLRenderer({ canvas, antialias, powerPreference: "high-performance" });
    this.geometry.setIndex(new BufferAttribute(shuffled(n), 1));
    const points = new Points(this.geometry, this.material);
    points.frustumCulled = false;
    this.scene.add(points);
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height);
    this.material.uniforms.pixelRatio.value = pixelRatio;
  }

  setPositions(from: Float32Array, to: Float32Array): void {
    this.geometry.setAttribute("origin", new BufferAttribute(from, 3));
    this.geometry.setAttribute("position", new BufferAttribute(to, 3));
  }

  setColours(colours: Uint8Array): void {
    const attribute = this.geometry.getAttribute("colour");
    if (attribute?.array === colours) attribute.needsUpdate = true;
    else this.geometry.setAttribute("colour", new BufferAttribute(colours, 4, true));
  }

  paint(camera: PerspectiveCamera, look: Look): void {
    const { uniforms } = this.material;
    uniforms.sizePx.value = look.sizePx;
    uniforms.blend.value = look.blend;
    uniforms.nearDepth.value = look.depth?.near ?? 1e6;
    uniforms.farDepth.value = look.depth?.far ?? 2e6;
    uniforms.ground.value = colourOf(look.ground);
    uniforms.ink.value = colourOf(look.ink);
    this.geometry.setDrawRange(0, Math.ceil(look.share * this.geometry.index!.count));
    this.renderer.setClearColor(uniforms.ground.value, 1);
    this.renderer.render(this.scene, camera);
  }
}
