// What is wrong with a page at this width: text too narrow to read, wider than the screen, cut off, or on other text.
() => {
  const wrong = [];
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.closest("dialog:not([open]), .visually-hidden, .t-skip, details:not([open]) > :not(summary)");
  const called = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}.${[...node.classList].join(".")} “${node.textContent.trim().slice(0, 40)}”`;
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const scrolls = (node) => {
    for (let up = node; up && up !== document.body; up = up.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const words = text.textContent.trim();
    const node = text.parentElement;
    if (words.length < 3 || !node || !shown(node) || /^(script|style|template|noscript|option|svg)$/i.test(node.tagName)) continue;
    const around = node.getBoundingClientRect();
    if (around.width <= 1 || around.height <= 1) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const size = parseFloat(getComputedStyle(node).fontSize);
    const longest = Math.max(...words.split(/\s+/).map((word) => word.length));
    if (longest > 3 && box.width < size * 1.4 && box.height > size * 3) wrong.push(`one letter a line: ${called(node)}`);
    if ((box.right > width + 1 || box.left < -1) && !scrolls(node)) wrong.push(`cut off: ${called(node)}`);
  }
  if (document.querySelectorAll("h1").length !== 1) wrong.push(`${document.querySelectorAll("h1").length} h1`);
  return wrong.slice(0, 8);
}
