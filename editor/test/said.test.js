import assert from "node:assert/strict";
import { test } from "node:test";
import { count, moment, seconds } from "../src/said.js";

const COUNTS = [
  [999, "ka", "999"],
  [1204, "ka", "1\u00a0204"],
  [1234567, "ka-GE", "1\u00a0234\u00a0567"],
  [1204, "en", "1,204"],
];

for (const [number, language, text] of COUNTS) test(`${number} in ${language}`, () => assert.equal(count(number, language), text));

const TIMES = [
  [0.0512, "ka", "0,05"],
  [0.0512, "en", "0.05"],
  [3, "en", "3"],
  [12.6, "ka", "13"],
];

for (const [number, language, text] of TIMES) test(`${number} seconds in ${language}`, () => assert.equal(seconds(number, language), text));

test("a moment names its year only where it is another one", () => {
  const words = { months: "იანვარი თებერვალი", day: "{year} წლის {day}" };
  const then = new Date(2026, 1, 3, 9, 5).getTime();
  assert.equal(moment(then, new Date(2026, 5, 1).getTime(), words), "3 თებერვალი, 09:05");
  assert.equal(moment(then, new Date(2027, 5, 1).getTime(), words), "2026 წლის 3 თებერვალი, 09:05");
});
