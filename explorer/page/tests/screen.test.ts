import assert from "node:assert/strict";
import test from "node:test";
import { PerspectiveCamera, Vector3 } from "three";
import { groupsOf, withoutOverlap } from "../src/map/labels";
import { isInside, project, ScreenGrid } from "../src/map/screen";

function seen(): PerspectiveCamera {
  const camera = new PerspectiveCamera(40, 2, 0.01, 10);
  camera.position.set(0.3, 0.2, 2);
  camera.lookAt(0, 0, 0);
  camera.updateMatrixWorld();
  return camera;
}

const POSITIONS = Float32Array.from([0, 0, 0, 0.3, -0.2, 0.1, -0.4, 0.1, -0.3, 0, 0, 5]);

test("points lie on the screen where three.js draws them, and behind the eye nowhere", () => {
  const { xy, depth } = project(POSITIONS, seen(), 800, 400);
  for (const row of [0, 1, 2]) {
    const place = new Vector3().fromArray(POSITIONS, 3 * row).project(seen());
    assert.ok(Math.abs(xy[2 * row] - 400 * (1 + place.x)) < 1e-2);
    assert.ok(Math.abs(xy[2 * row + 1] - 200 * (1 - place.y)) < 1e-2);
  }
  assert.ok(depth[3] < 0);
});

test("a pick takes the point under the pointer that is nearest to the eye, and only shown ones", () => {
  const projected = { xy: Float32Array.from([100, 100, 101, 100, 160, 100]), depth: Float32Array.from([2, 1, 1]) };
  const pick = (shown: number[], x: number) => new ScreenGrid(projected, Uint8Array.from(shown), 800, 400).pick(x, 100, 8, () => 4);
  assert.equal(pick([1, 1, 1], 100), 1);
  assert.equal(pick([1, 0, 1], 100), 0);
  assert.equal(pick([1, 1, 1], 153), 2);
  assert.equal(pick([1, 1, 1], 130), null);
});

test("a grid pick agrees with a search over all points", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const xy = Float32Array.from({ length: 4000 }, (_, k) => random() * (k % 2 ? 400 : 800));
  const grid = new ScreenGrid({ xy, depth: new Float32Array(2000).fill(1) }, new Uint8Array(2000).fill(1), 800, 400);
  for (let k = 0; k < 50; k++) {
    const [x, y] = [random() * 800, random() * 400];
    const distances = Array.from({ length: 2000 }, (_, row) => Math.hypot(xy[2 * row] - x, xy[2 * row + 1] - y));
    const nearest = distances.indexOf(Math.min(...distances));
    assert.equal(grid.pick(x, y, 30, () => 0), distances[nearest] <= 30 ? nearest : null);
  }
});

test("a lasso holds what it goes around, in a bay not", () => {
  const bay = [0, 0, 10, 0, 10, 10, 5, 2, 0, 10];
  assert.deepEqual([isInside(bay, 5, 1), isInside(bay, 5, 8), isInside(bay, 1, 5)], [true, false, true]);
});

test("labels never touch, the heaviest win, and a group is named at its largest heap", () => {
  const labels = Array.from({ length: 40 }, (_, k) => ({ text: "x", x: 50 + ((k * 37) % 300), y: 50 + ((k * 53) % 200), weight: k }));
  const placed = withoutOverlap(labels, () => 40, 14, [400, 300]);
  assert.equal(placed[0].weight, 39);
  for (const a of placed) for (const b of placed) assert.ok(a === b || Math.abs(a.x - b.x) >= 40 || Math.abs(a.y - b.y) >= 14);
  const positions = Float32Array.from([0.4, 0, 0, 0.41, 0, 0, -0.4, 0, 0]);
  const [group] = groupsOf(Uint16Array.from([0, 0, 0]), ["a"], Uint8Array.from([1, 1, 1]), positions);
  assert.ok(Math.abs(group.at[0] - 0.405) < 1e-6);
});
