"""What axe finds on pages that keeps somebody from using them, and no more than that is asked of it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Four fifths of what axe does is to find out what shines through behind each word. Words in the same place of the same
# things in the same colours are as easy to read: two of them are enough, on all the pages of a walk together.
_MARK = """() => {
  const LOOKS = 2, looked = JSON.parse(sessionStorage.looked || "{}"), known = new Map([[null, ""]]);
  const behind = (one) => {
    if (!known.has(one)) {
      const {backgroundColor, backgroundImage, opacity} = getComputedStyle(one);
      const own = [one.localName, one.getAttribute("class"), one.matches(":disabled, [aria-disabled=true]")];
      known.set(one, [behind(one.parentElement), ...own, backgroundColor, backgroundImage, opacity].join());
    }
    return known.get(one);
  };
  const hash = (words) => [...words].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0) | 0, 0);
  const says = (one) => one.matches("input, select, textarea") || [...one.childNodes].some(
    (child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  for (const one of document.body.querySelectorAll("*")) {
    if (!says(one) || !one.checkVisibility({visibilityProperty: true})) continue;
    const {color, fill, fontSize, fontWeight, textShadow} = getComputedStyle(one);
    const look = hash([behind(one), color, fill, fontSize, fontWeight, textShadow].join());
    looked[look] = (looked[look] || 0) + 1;
    if (looked[look] <= LOOKS) one.dataset.looked = "";
  }
  sessionStorage.looked = JSON.stringify(looked);
}"""
# A rule that is not grave says nothing grave of any page. The stylesheets are not fetched again for the one rule that
# wants them; tests/base/look keeps it.
_LOOK = """async () => {
  axe.configure({rules: [{id: "color-contrast", selector: "[data-looked]"}]});
  const slight = axe._audit.rules.filter((one) => !["serious", "critical"].includes(one.impact));
  const rules = Object.fromEntries(slight.map(({id}) => [id, {enabled: false}]));
  const {violations} = await axe.run({rules, resultTypes: ["violations"], selectors: false, preload: false});
  return violations.map(({id, nodes}) => [id, nodes[0].html.slice(0, 200)]);
}"""


def grave(page: Page) -> list[Any]:
    """What is serious or critical on the page that is open: rule and place."""
    if not page.evaluate("'axe' in window"):
        page.add_init_script(AXE_SCRIPT)  # comes with whatever is opened from now on
        page.evaluate(AXE_SCRIPT)
    page.evaluate(_MARK)
    found: list[Any] = page.evaluate(_LOOK)
    return found
