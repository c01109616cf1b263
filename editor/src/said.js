// Numbers and moments as the interface says them. Not every browser knows how Georgian writes them.

import { filled } from "./dom.js";

const isGeorgian = (language) => /^ka(?:-|$)/iu.test(language);

/** A whole number with its digits in groups of three. */
export function count(number, language) {
  return String(number).replace(/\B(?=(?:\d{3})+$)/gu, isGeorgian(language) ? "\u00a0" : ",");
}

/** A number of seconds, with hundredths where it is small. */
export function seconds(number, language) {
  const text = number < 10 ? String(Math.round(number * 100) / 100) : String(Math.round(number));
  return isGeorgian(language) ? text.replace(".", ",") : text;
}

/** Day and time; the year where it is not the one of `now`. */
export function moment(time, now, words) {
  const then = new Date(time);
  const day = `${then.getDate()} ${words.months.split(" ")[then.getMonth()]}`;
  const year = then.getFullYear();
  const clock = [then.getHours(), then.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  return `${year === new Date(now).getFullYear() ? day : filled(words.day, { year, day })}, ${clock}`;
}
