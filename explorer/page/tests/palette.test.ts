import assert from "node:assert/strict";
import test from "node:test";
import { categories, gradient, type Rgb } from "../src/palette";

// Severe colour blindness on linear RGB: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113.
const SIGHTS: Record<string, number[][]> = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const XYZ = [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8726]]; // over the white point
const LEAST = 15; // of CIE Lab; a just noticeable difference is about 2

const times = (matrix: number[][], vector: number[]) => matrix.map((row) => row.reduce((sum, factor, k) => sum + factor * vector[k], 0));
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

function lab(colour: Rgb, sight: number[][]): number[] {
  const light = times(sight, colour.map((channel) => linear(channel / 255))).map((channel) => Math.min(1, Math.max(0, channel)));
  const [x, y, z] = times(XYZ, light).map((share) => (share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const dark of [true, false]) {
  for (const [name, sight] of Object.entries(SIGHTS)) {
    test(`${dark ? "dark" : "light"} categories stay apart for ${name} sight`, () => {
      const seen = categories(dark).colours.map((colour) => lab(colour, sight));
      const distances = seen.flatMap((a, k) => seen.slice(k + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])));
      assert.ok(Math.min(...distances) > LEAST, `least distance ${Math.min(...distances).toFixed(1)}`);
    });
  }
}

test("the gradient grows lighter all the way", () => {
  for (const dark of [true, false]) {
    const lightness = Array.from({ length: 50 }, (_, k) => lab(gradient(k / 49, dark), SIGHTS.full)[0]);
    assert.ok(lightness.every((light, k) => k === 0 || light > lightness[k - 1]));
  }
});
