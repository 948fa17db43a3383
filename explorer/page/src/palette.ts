// Colours that colour-blind people can tell apart. Categories: Okabe and Ito's, moved and extended
// to twelve so that the least difference (CIE Lab) under normal, protan, deutan and tritan sight is
// as large as a search found. Numbers: viridis (van der Walt and Smith), even in lightness.

export type Rgb = [number, number, number];

const DARK = ["#f39800", "#44bdff", "#089b77", "#f6f159", "#5771e9", "#d45f17", "#d591be", "#835298", "#8cb371", "#d5eaff", "#a65a2f", "#91fd89"];
const LIGHT = ["#b36900", "#529dff", "#00866c", "#d4a400", "#114ebe", "#9c3318", "#fb71a0", "#7b2165", "#d40455", "#796bb1", "#2b290a", "#91b25a"];
const VIRIDIS = ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];

export const N_CATEGORIES = DARK.length;

function rgbOf(hex: string): Rgb {
  const number = parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Colours of the categories from the most frequent on; the others share `rest`. */
export function categories(dark: boolean): { colours: Rgb[]; rest: Rgb } {
  return { colours: (dark ? DARK : LIGHT).map(rgbOf), rest: dark ? [120, 124, 132] : [150, 154, 160] };
}

/** The colour of a share from 0 to 1; dark ends are kept visible on either ground. */
export function gradient(share: number, dark: boolean): Rgb {
  const [low, high] = dark ? [0.13, 1] : [0, 0.93];
  const at = (low + (high - low) * Math.min(1, Math.max(0, share))) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [from, to] = [rgbOf(VIRIDIS[below]), rgbOf(VIRIDIS[below + 1])];
  return from.map((channel, k) => Math.round(channel + (at - below) * (to[k] - channel))) as Rgb;
}
