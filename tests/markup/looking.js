/* What the browser does with a page beside axe. Read by tests/markup/axe.py. */

/* Puts another page in the place of this one, if both have the same styles: far quicker than going there. */
window.become = (html) => {
  const next = new DOMParser().parseFromString(html, "text/html");
  const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((one) => one.getAttribute("href")).join(" ");
  if (styles(next) !== styles(document) || next.querySelector("script[src]")) return false;
  const root = document.documentElement;
  for (const { name } of [...root.attributes]) root.removeAttribute(name);
  for (const { name, value } of [...next.documentElement.attributes]) root.setAttribute(name, value);
  for (const one of [...document.head.children]) if (!one.matches("link[rel=stylesheet], script")) one.remove();
  for (const one of [...next.head.querySelectorAll("title, style, meta:not([http-equiv=refresh])")]) document.head.append(one);
  document.body.replaceWith(next.body);
  still();
  return true;
};

/* A colour that is on its way to another is neither. */
const still = () => {
  const style = document.createElement("style");
  style.textContent = "*, *::before, *::after { transition: none !important; animation: none !important; }";
  document.head.append(style);
};
still();

const LOOKS_BY = ["class", "aria-current", "aria-invalid", "aria-selected", "type", "disabled", "style", "role", "dir", "hidden"];
const shape = (one) => one.localName + LOOKS_BY.filter((name) => one.hasAttribute(name)).map((name) => `[${name}=${one.getAttribute(name)}]`).join("");
const isShown = (one) => one.getClientRects().length > 0;

/* The kinds of elements that are shown: each the first of its ancestors' and its own names, classes and states. */
window.kinds = () => {
  window.firstOf = new Map();
  const walk = (one, above) => {
    const kind = `${above}>${shape(one)}`;
    if (isShown(one) && !window.firstOf.has(kind)) window.firstOf.set(kind, one);
    for (const child of one.children) walk(child, kind);
  };
  walk(document.body, "");
  return [...window.firstOf.keys()];
};

window.isTooWide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

const faults = (found) => found.violations.flatMap((one) => one.nodes.map((node) => [one.id, node.target.flat().join(" "), node.failureSummary]));
window.wholePage = async (options) => faults(await axe.run(document, options));
window.onlyKinds = async (kinds, options) => faults(await axe.run({ include: kinds.map((one) => window.firstOf.get(one)) }, options));
