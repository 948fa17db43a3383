import assert from "node:assert/strict";
import test from "node:test";
import { colouringOf, paint } from "../src/colouring";
import { clicked } from "../src/legend";
import { Points } from "../src/points";
import { countOf, isFiltered, shownRows } from "../src/shown";
import type { Column, ColumnInfo, Source } from "../src/source";
import { START, type State } from "../src/state";

const COLUMNS: Record<string, Column> = {
  family: { kind: "categorical", values: ["reed", "brass"], codes: Uint16Array.from([0, 1, 1, 65535]) },
  pitch_midi: { kind: "continuous", numbers: Float32Array.from([48, 60, NaN, 72]) },
  favourite: { kind: "continuous", numbers: Float32Array.from([0, 1, 0, 0]) },
};
const infoOf = (name: string): ColumnInfo => ({ name, label: name, unit: null, kind: COLUMNS[name].kind, scale: "linear" });

function points(): Points {
  const source = { column: async (name: string) => COLUMNS[name] } as unknown as Source;
  const library = { columns: Object.keys(COLUMNS).map(infoOf) } as Points["library"];
  const names = { names: ["Oboe C3", "Horn C4", "Tuba", "Noise"], folders: [0, 0, 1, 1], folder_names: ["a", "b"] };
  return new Points(source, library, Uint32Array.from([7, 8, 9, 10]), names);
}

const shown = async (patch: Partial<State>, except = "") => [...(await shownRows(points(), { ...START, ...patch }, except))];

test("without filters all is shown", async () => {
  assert.deepEqual(await shown({}), [1, 1, 1, 1]);
  assert.ok(!isFiltered(START));
});

test("words are found in names and families, all of them", async () => {
  assert.deepEqual(await shown({ words: "BRASS" }), [0, 1, 1, 0]);
  assert.deepEqual(await shown({ words: "brass horn" }), [0, 1, 0, 0]);
});

test("ranges drop unknown values; several filters must all hold", async () => {
  const filters = { ranges: { pitch_midi: [50, 80] as [number, number] }, only: { family: ["brass"] } };
  assert.deepEqual(await shown({ filters }), [0, 1, 0, 0]);
  assert.deepEqual(await shown({ filters }, "family"), [0, 1, 0, 1]);
  assert.deepEqual(await shown({ favouritesOnly: true }), [0, 1, 0, 0]);
  assert.equal(countOf(await shownRows(points(), { ...START, filters })), 1);
});

test("a filter of a column that the library lacks filters nothing", async () => {
  assert.deepEqual(await shown({ filters: { ranges: { gone: [0, 1] }, only: { lost: ["x"] } } }), [1, 1, 1, 1]);
});

test("a click on a legend shows one, shift adds and removes, a click on the only one shows all", () => {
  assert.deepEqual(clicked([], "a", false), ["a"]);
  assert.deepEqual(clicked(["a"], "b", true), ["a", "b"]);
  assert.deepEqual(clicked(["a", "b"], "a", true), ["b"]);
  assert.deepEqual(clicked(["a", "b"], "a", false), ["a"]);
  assert.equal(clicked(["a"], "a", false), null);
  assert.equal(clicked(["a"], "a", true), null);
});

test("colours: the commonest category first, none and unknown grey, numbers from low to high", async () => {
  const family = (await colouringOf(points(), "family", [], true))!;
  const rgb = paint(family, 4);
  assert.deepEqual([...rgb.subarray(3, 6)], [...rgb.subarray(6, 9)]);
  assert.deepEqual([...rgb.subarray(3, 6)], [243, 152, 0]);
  assert.deepEqual([...rgb.subarray(9)], [120, 124, 132]);
  const pitch = paint((await colouringOf(points(), "pitch_midi", [], true))!, 4);
  assert.deepEqual([...pitch.subarray(6, 9)], [120, 124, 132]);
  assert.ok(pitch[1] < pitch[4] && pitch[4] < pitch[10]);
});
