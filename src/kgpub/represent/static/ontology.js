// A term of a hash namespace that the list has on another of its pages: its own page tells it.
const here = document.currentScript;
addEventListener("DOMContentLoaded", () => {
  const name = decodeURIComponent(location.hash.slice(1));
  if (name && !document.getElementById(name)) {
    location.replace(here.dataset.term + encodeURIComponent(name) + location.search.replace(/page=\d+&?/, ""));
  }
});
