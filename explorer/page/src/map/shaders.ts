// How one point is placed and drawn. All points are opaque: fading and ghosts mix with the ground
// colour, so that no order of drawing is needed; the edge of the disc is smoothed by multisampling.
import { DEEPEST_FADE, GHOST_SHARE, LARGEST_PX, SMALLEST_PX } from "./painter";

const float = (value: number) => value.toFixed(2);

export const VERTEX = `
attribute vec3 origin;
attribute vec4 colour;
uniform float sizePx, pixelRatio, blend, nearDepth, farDepth;
uniform vec3 ground, ink;
varying vec3 fill;
varying float radius, ringed;

void main() {
  float state = floor(colour.a * 255.0 + 0.5);
  vec4 seen = modelViewMatrix * vec4(mix(origin, position, blend), 1.0);
  float size = clamp(sizePx / -seen.z, ${float(SMALLEST_PX)}, ${float(LARGEST_PX)});
  float fade = ${float(DEEPEST_FADE)} * smoothstep(nearDepth, farDepth, -seen.z);
  gl_Position = projectionMatrix * seen;
  fill = mix(colour.rgb, ground, fade);
  ringed = 0.0;
  if (state < 0.5) {
    size = max(${float(SMALLEST_PX)}, size * ${float(GHOST_SHARE)});
    fill = mix(ground, ink, 0.13 * (1.0 - fade));
    gl_Position.z = 0.9999 * gl_Position.w;
  } else if (state > 1.5) {
    size = max(size + 4.0, 8.0);
    fill = colour.rgb;
    ringed = 1.0;
    gl_Position.z -= 0.02 * gl_Position.w;
  }
  gl_PointSize = size * pixelRatio;
  radius = 0.5 * gl_PointSize;
}
`;

export const FRAGMENT = `
uniform float pixelRatio;
uniform vec3 ink;
varying vec3 fill;
varying float radius, ringed;

void main() {
  float inside = radius - radius * length(2.0 * gl_PointCoord - 1.0);
  float cover = radius < 1.5 ? 1.0 : clamp(inside + 0.5, 0.0, 1.0);
#ifdef ALPHA_TO_COVERAGE
  if (cover <= 0.0) discard;
#else
  if (cover < 0.5) discard;
#endif
  float ring = ringed * (1.0 - smoothstep(1.5 * pixelRatio - 0.5, 1.5 * pixelRatio + 0.5, inside));
  gl_FragColor = vec4(mix(fill, ink, ring), cover);
}
`;
