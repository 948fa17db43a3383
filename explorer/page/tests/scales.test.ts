import assert from "node:assert/strict";
import test from "node:test";
import { histogram, noteName, readable, scaleOf, ticks } from "../src/scales";
import type { ColumnInfo } from "../src/source";

const column = (scale: ColumnInfo["scale"], unit: string): ColumnInfo => ({ name: "x", label: "X", unit, kind: "continuous", scale });

test("MIDI 60 is C4 and pitches between notes take the nearest", () => {
  assert.deepEqual([60, 69, 61.4, -1].map(noteName), ["C4", "A4", "C♯4", "B-2"]);
});

test("values are read with their unit", () => {
  assert.deepEqual(
    [readable(1500, column("log", "Hz")), readable(0.035, column("log", "s")), readable(-18, column("linear", "LUFS")), readable(0.5, column("linear", ""))],
    ["1.50 kHz", "35 ms", "-18 LUFS", "0.50"],
  );
});

for (const kind of ["linear", "log", "pitch"] as const) {
  test(`a ${kind} scale goes from 0 to 1 and back, unknown values aside`, () => {
    const scale = scaleOf(column(kind, ""), Float32Array.from([2, NaN, 64, 8]));
    assert.deepEqual([scale.low, scale.high, scale.shareOf(2), scale.shareOf(64)], [2, 64, 0, 1]);
    assert.ok(Math.abs(scale.valueAt(scale.shareOf(8)) - 8) < 1e-9);
    assert.ok(ticks(scale, 5).every((tick) => tick >= 2 && tick <= 64));
    assert.ok(ticks(scale, 5).length >= 1 && ticks(scale, 5).length <= 6);
  });
}

test("ticks leave room for their labels", () => {
  const brightness = scaleOf(column("log", "Hz"), Float32Array.from([200, 7500]));
  const loudness = scaleOf(column("linear", "LUFS"), Float32Array.from([-31, -10]));
  assert.deepEqual([ticks(brightness, 3), ticks(loudness, 3)], [[300, 1000, 3000], [-30, -20, -10]]);
});

test("a logarithmic scale is over positive values only; one value or none gives a scale", () => {
  assert.equal(scaleOf(column("log", ""), Float32Array.from([0, -1, 5, 10])).low, 5);
  for (const numbers of [[3], [], [NaN]]) assert.ok(Number.isFinite(scaleOf(column("linear", ""), Float32Array.from(numbers)).shareOf(3)));
});

test("a histogram counts every known value once", () => {
  const numbers = Float32Array.from([1, 2, 3, 4, NaN]);
  assert.equal(histogram(scaleOf(column("linear", ""), numbers), numbers, 3).reduce((a, b) => a + b), 4);
});
