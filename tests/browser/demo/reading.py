"""What makes a page hard to read: wider than the screen, or words cut off."""

from __future__ import annotations

from playwright.sync_api import Page

# Text of which a part is hidden, and what stands beyond the right edge without a way to scroll to it. Elements
# that shorten their text on purpose say so: `clip`, or a title that has it all.
_SETTLED = """
async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frame();
  const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.all(ending.map((one) => one.finished.catch(() => null)));
  await frame();
}
"""
_CUT_OFF = """
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const seen = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== "hidden" && style.opacity !== "0" && element.getClientRects().length > 0;
  };
  const scrolls = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.textContent.trim();
    const element = node.parentElement;
    const unread = ".visually-hidden, svg, script, style, template, option, [hidden]";
    if (!words || !seen(element) || element.closest(unread)) continue;
    const folded = element.closest("details:not([open])");
    if (folded && !element.closest("summary")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    // A drawer that is closed waits beside the screen.
    if (box.right <= 0 || box.left >= wide) continue;
    const start = words.slice(0, 60);
    if ((box.right > wide + 1 || box.left < -1) && !scrolls(element)) found.push(`beyond the edge: ${start}`);
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at.closest(".clip, [title]")) break;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = at.getBoundingClientRect();
      if (frame.width <= 2 || frame.height <= 2) break;
      if (/hidden|clip/.test(style.overflowX) && (box.right > frame.right + 2 || box.left < frame.left - 2)) {
        found.push(`cut at the side: ${start} (in .${at.className || at.tagName})`);
        break;
      }
      if (/hidden|clip/.test(style.overflowY) && box.bottom > frame.bottom + 4) {
        found.push(`cut below: ${start} (${at.className})`);
        break;
      }
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) break;
    }
  }
  const over = document.documentElement.scrollWidth - wide;
  if (over > 0) found.push(`the page is ${over} px wider than the screen`);
  return [...new Set(found)];
}
"""


def settle(page: Page) -> None:
    """Wait until nothing moves or changes its colour any more."""
    page.evaluate(_SETTLED)


def hard_to_read(page: Page) -> list[str]:
    """What is cut off or out of reach on the page as it stands."""
    found: list[str] = page.evaluate(_CUT_OFF)
    return found
