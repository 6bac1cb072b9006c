#!/usr/bin/env python3
"""usage: clap_query_browser.py LINKED.html EMBEDDED.html COPIED-PATH...

Presses keys and clicks on pages of clap-query --html, of which each has the hits that clap_query_browser.sh makes:
long.wav 5 s to 15 s first, then a short recording, then one that is not audio."""
import pathlib
import sys

sys.dont_write_bytecode = True  # not into the source folder
from browser import Browser, find_browser  # noqa: E402

failures = 0

# The lowest contrast between a text and what is behind it, by WCAG 2.1.
CONTRAST = """(() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = numbers(getComputedStyle(e).backgroundColor); if (c.length == 3 || c[3] == 1) return c; }
    return [255, 255, 255]; };
  let least = 99;
  for (const e of document.querySelectorAll('body *')) {
    if (!Array.from(e.childNodes).some(n => n.nodeType == 3 && n.data.trim()) || !e.getClientRects().length) continue;
    const pair = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    least = Math.min(least, (pair[0] + 0.05) / (pair[1] + 0.05));
  }
  return least;
})()"""


def expect(what, holds, found=""):
    global failures
    if not holds:
        failures += 1
        print("FAILED: %s %s" % (what, found))


def hit(number):
    return "document.querySelectorAll('.hit')[%d]" % number


def sound(number):
    return hit(number) + ".querySelector('audio')"


def check_keys(page):
    expect("the first hit is marked", page.value(hit(0) + ".classList.contains('current')"))
    page.press(" ")
    expect("space plays", page.wait_for("!%s.paused && %s.currentTime > 0" % (sound(0), sound(0))))
    expect("the hit says so", page.value(hit(0) + ".querySelector('.play').getAttribute('aria-label')") == "Pause")
    page.press(" ")
    expect("space pauses", page.wait_for(sound(0) + ".paused"))
    at = page.value(sound(0) + ".currentTime")
    page.press(" ")
    expect("space plays again", page.wait_for("!%s.paused" % sound(0)))
    expect("and goes on from there", page.value(sound(0) + ".currentTime") >= at)
    page.press("ArrowDown")
    expect("down: the next hit", page.value("document.activeElement == %s" % hit(1)))
    page.press(" ")
    expect("one hit plays at a time", page.wait_for("%s.paused" % sound(0)))
    page.press("ArrowUp")
    page.press("ArrowUp")
    expect("up: the first, and no further", page.value("document.activeElement == %s" % hit(0)))
    page.press("End")
    expect("the last", page.value("document.activeElement == %s" % hit(2)))
    page.press("ArrowRight")
    expect("no further", page.value("document.activeElement == %s" % hit(2)))
    page.press("Home")
    expect("one hit is marked", page.value("document.querySelectorAll('.current').length == 1"))
    page.value("document.querySelectorAll('audio').forEach(a => a.pause())")


def check_ends(page, first, last):
    """@param first, last seconds of the long hit in its sound."""
    page.value("%s.currentTime = 0" % sound(0))
    page.press("Home")
    page.press(" ")
    expect("plays from the beginning", page.wait_for("!%s.paused && %s.readyState > 1" % (sound(0), sound(0))))
    at = page.value(sound(0) + ".currentTime")
    expect("begins at the hit's second", first <= at < first + 2, at)
    page.press(" ")
    page.value("%s.currentTime = %f" % (sound(0), last - 0.4))
    page.value("window.furthest = 0; (function look() { furthest = Math.max(furthest, %s.currentTime);"
               "requestAnimationFrame(look); })()" % sound(0))
    page.press(" ")
    expect("plays to its end", page.wait_for("furthest > %f" % (last - 0.1), 30), page.value("furthest"))
    expect("stops there", page.wait_for("document.querySelectorAll('.playing').length == 0"))
    expect("and no later", page.value("furthest") < last + 1, page.value("furthest"))
    expect("and is at its beginning", page.wait_for("Math.abs(%s.currentTime - %f) < 0.01" % (sound(0), first)))
    page.click(".hit:nth-child(2) .play")
    expect("a click plays", page.wait_for("!%s.paused || %s.currentTime > 0" % (sound(1), sound(1))))
    expect("a short hit ends", page.wait_for("document.querySelectorAll('.playing').length == 0"))
    middle = (first + last) / 2
    page.click(".hit:nth-child(1) .strip")
    expect("a click on the spectrogram plays", page.wait_for("!%s.paused" % sound(0)))
    at = page.value(sound(0) + ".currentTime")
    expect("from there", abs(at - middle) < 2, at)
    expect("the cursor is seen", page.value(hit(0) + ".querySelector('.cursor').style.display") == "block")
    page.press(" ")


def check_copy(page, path):
    page.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    page.click(".hit:nth-child(1) .copy")
    expect("the button says so", page.wait_for(hit(0) + ".querySelector('.copy').textContent == 'Copied'"))
    found = page.value("navigator.clipboard.readText()")
    expect("the path is copied", found == path, found)
    page.press(" ")
    expect("space on a button is the button's", page.value("document.querySelectorAll('.playing').length == 0"))


def check_looks(page):
    for scheme, dark in (("light", False), ("dark", True)):
        page.scheme(scheme)
        back = page.value("parseInt(getComputedStyle(document.body).backgroundColor.slice(4))")
        expect(scheme, (back < 128) == dark, back)
        least = page.value(CONTRAST)
        expect(scheme + ": contrast", least >= 4.5, least)
    for width in (360, 320):
        page.resize(width)
        expect("%d px: no sideways scroll" % width, page.value("document.documentElement.scrollWidth") <= width)
    page.resize(1280)


def main():
    linked, embedded, path = sys.argv[1:4]
    page = Browser(find_browser())
    try:
        for name, first, last in ((linked, 5, 15), (embedded, 0, 10)):
            page.open(pathlib.Path(name).resolve().as_uri())
            print(name)
            expect("three hits", page.value("document.querySelectorAll('.hit').length") == 3)
            expect("no script but the page's", page.value("document.scripts.length") == 1)
            expect("no element came out of a name", not page.value("document.querySelectorAll('.hit b b, img[onerror]').length"))
            check_keys(page)
            check_ends(page, first, last)
            check_copy(page, path)
            check_looks(page)
            expect("nothing from the network", not [u for u in page.requests if not u.startswith(("file:", "data:"))],
                   page.requests)
            expect("no complaint", not page.complaints, page.complaints)
        page.open(pathlib.Path(linked).resolve().as_uri())
        page.press("End")
        page.press(" ")
        expect("what cannot be played says so", page.wait_for(hit(2) + ".querySelector('.note').textContent.includes('cannot play')"))
    finally:
        page.close()
    print("%d failures" % failures)
    sys.exit(failures > 0)


main()
