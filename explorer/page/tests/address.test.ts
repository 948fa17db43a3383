import assert from "node:assert/strict";
import test from "node:test";
import { fromHash, toHash } from "../src/address";
import { START, type State } from "../src/state";

const VIEW: State = {
  ...START,
  folder: "Drums & hits/#1",
  projection: "pca3",
  colour: "pitch_midi",
  camera: { eye: [0.5, -1.25, 2], target: [0, 0.125, 0] },
  filters: { ranges: { pitch_midi: [48, 72.5] }, only: { family: ["reed", "a|b, c"] } },
  words: "bright pluck",
  favouritesOnly: true,
  focus: 12,
  selection: [3, 4],
  liked: [12],
  rotate: true,
  theme: "light",
};

test("a view comes back from its address", () => {
  assert.deepEqual({ ...START, ...fromHash(`#${toHash(VIEW)}`) }, VIEW);
});

test("one view has one address, whatever the sign of its zeros", () => {
  const camera = (zero: number): State => ({ ...START, camera: { eye: [zero, 0, 1], target: [zero, 0, 0] } });
  assert.equal(toHash(camera(-1e-9)), toHash(camera(0)));
});

test("the plain view has an empty address", () => {
  assert.equal(toHash(START), "");
});

test("a strange address gives the plain view", () => {
  const strange = "#camera=1,2&range.x=high..low&only.=%E0%A4%A&theme=pink&selection=a,b&focus=";
  const { filters, ...rest } = { ...START, ...fromHash(strange) };
  assert.deepEqual({ ...rest, filters: START.filters }, START);
  assert.deepEqual(filters.ranges, {});
});

test("a selection too long for an address is left out", () => {
  assert.equal(toHash({ ...START, selection: Array.from({ length: 5000 }, (_, k) => k) }), "");
});
