#include "claptools/search/hit_page_parts.hpp"

namespace claptools {

const std::string_view kHitPageStyle = R"css(
:root { color-scheme: light dark; --ink: #1b1b1b; --muted: #595959; --paper: #fff; --raised: #f4f4f2;
  --line: #d4d4d4; --accent: #005a9c; --bar: #0072b2; --alert: #a33b00; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --muted: #b4b4b4; --paper: #161616; --raised: #222; --line: #444;
    --accent: #7cc0ff; --bar: #56b4e9; --alert: #ff9f68; }
}
* { box-sizing: border-box; }
body { font: 15px/1.45 Helvetica, Arial, sans-serif; margin: 0 auto; max-width: 1180px; padding: 1em;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.35em; margin: .2em 0 .4em; }
h2 { font-size: 1.15em; margin: 1.6em 0 .5em; }
h2 small, .facts, .keys, .times, .ends, dt { color: var(--muted); }
h2 small { font-weight: normal; font-size: .8em; margin-left: .6em; }
a { color: var(--accent); }
.facts, .meta { display: flex; flex-wrap: wrap; gap: .1em 1.4em; margin: 0; font-size: .9em; }
.facts div, .meta div { min-width: 0; }
dt, dd { display: inline; margin: 0; }
dt { margin-right: .4em; }
.keys { margin: .5em 0 0; font-size: .9em; }
kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 .35em; font: inherit; color: var(--ink);
  background: var(--raised); }
nav { margin: .8em 0 0; display: flex; flex-wrap: wrap; gap: .2em 1em; }
ol { list-style: none; margin: 0; padding: 0; }
.hit { display: grid; grid-template-columns: 2.6em 9.5em minmax(0, 1fr) minmax(0, 27em); gap: .3em .9em;
  align-items: start; padding: .6em .6em .6em .5em; border-top: 1px solid var(--line);
  border-left: 4px solid transparent; scroll-margin: 1em; }
.hit.current { background: var(--raised); border-left-color: var(--accent); }
.hit:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
  border-radius: 5px; cursor: pointer; padding: .15em .6em; }
button:hover { border-color: var(--accent); }
html:not(.js) .play { visibility: hidden; }
html:not(.js) .copy, html:not(.js) .keys { display: none; }
.js audio { display: none; }
audio { width: 100%; }
.play { grid-row: span 2; width: 2.6em; height: 2.6em; padding: 0; border-radius: 50%; }
.play svg { display: block; margin: auto; width: 1.1em; height: 1.1em; fill: currentColor; }
.play .pause, .playing .play .start { display: none; }
.playing .play .pause { display: block; }
.playing .play { color: var(--paper); background: var(--accent); border-color: var(--accent); }
.score { font-variant-numeric: tabular-nums; }
.rank { display: inline-block; min-width: 1.2em; margin-right: .5em; font-weight: bold; }
.bar { height: 6px; margin-top: .3em; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--bar); }
.name span { color: var(--muted); }
.times { font-variant-numeric: tabular-nums; font-size: .9em; }
.note { color: var(--alert); margin: .2em 0 0; font-size: .9em; }
.note:empty { display: none; }
.copy { margin-top: .35em; font-size: .85em; }
.strip { position: relative; height: 72px; overflow: hidden; border-radius: 4px; background: #440154; cursor: pointer;
  touch-action: manipulation; }
.strip img { display: block; width: 100%; height: 100%; }
.mark { position: absolute; top: 0; bottom: 0; min-width: 3px; border: 2px solid #fff; border-radius: 3px;
  box-shadow: 0 0 0 2000px rgba(0, 0, 0, .5), inset 0 0 0 1px #000; pointer-events: none; }
.cursor { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; background: #ff3b30;
  box-shadow: 0 0 0 1px #fff; display: none; pointer-events: none; }
.ends { display: flex; justify-content: space-between; font-size: .8em; font-variant-numeric: tabular-nums; }
.view { min-width: 0; }
@media (max-width: 760px) {
  .hit { grid-template-columns: 2.6em minmax(0, 1fr); }
  .play { grid-row: span 1; }
  .what, .view { grid-column: 1 / -1; }
}
@media print { .play { visibility: hidden; } .copy, .keys, nav, audio { display: none; } .hit { break-inside: avoid; } }
)css";

const std::string_view kHitPageScript = R"js(
'use strict';
const hits = Array.from(document.querySelectorAll('.hit'));
let current = null;   // the hit that keys are for
let playing = null;   // the hit that is heard
let end = 0;          // where it stops, in its own times

const soundOf = hit => hit.querySelector('audio');
const value = (hit, name) => Number(hit.dataset[name]);
const timeOf = hit => soundOf(hit).currentTime - value(hit, 'clock');

function seek(hit, seconds) { soundOf(hit).currentTime = seconds + value(hit, 'clock'); }

function choose(hit) {
  if (current === hit) return;
  if (current) current.classList.remove('current');
  current = hit;
  hit.classList.add('current');
}

function moveCursor(hit) {
  const cursor = hit.querySelector('.cursor');
  if (!cursor) return;
  const from = value(hit, 'stripFrom'), until = value(hit, 'stripUntil'), now = timeOf(hit);
  cursor.style.left = 100 * (now - from) / (until - from) + '%';
  cursor.style.display = now >= from && now <= until ? 'block' : 'none';
}

function showState(hit) {
  const plays = hit === playing;
  hit.classList.toggle('playing', plays);
  const button = hit.querySelector('.play');
  if (button) button.setAttribute('aria-label', plays ? 'Pause' : 'Play');
  moveCursor(hit);
}

function pause() {
  if (!playing) return;
  const hit = playing;
  playing = null;
  soundOf(hit).pause();
  showState(hit);
}

function rewind(hit) {
  seek(hit, value(hit, 'from'));
  moveCursor(hit);
}

function fail(hit) {
  hit.querySelector('.note').textContent =
    'This browser cannot play the recording: it is not there, or in a format that the browser does not know. ' +
    'A page made with --embed-audio holds the sound itself.';
  if (playing === hit) pause();
}

function play(hit, from) {
  const sound = soundOf(hit);
  if (!sound) return;
  pause();
  const start = value(hit, 'from'), until = value(hit, 'until');
  const at = from === undefined ? timeOf(hit) : from;
  const isInside = at >= start && until - at > 0.02;
  if (from !== undefined || !isInside) seek(hit, from === undefined ? start : from);
  end = from === undefined || from < until ? until : value(hit, 'stripUntil');
  playing = hit;
  showState(hit);
  // An AbortError is the answer to a pause that came first; by then the hit may play again.
  sound.play().catch(reason => {
    if (reason.name === 'NotSupportedError') fail(hit);
    else if (reason.name === 'NotAllowedError') pause();
  });
  requestAnimationFrame(follow);
}

function toggle(hit) {
  if (playing === hit) pause(); else play(hit);
}

function stopAtEnd() {
  const hit = playing;
  if (!hit || timeOf(hit) < end) return;
  pause();
  rewind(hit);
}

function follow() {
  if (!playing) return;
  moveCursor(playing);
  stopAtEnd();
  requestAnimationFrame(follow);
}

function move(step) {
  const at = current ? hits.indexOf(current) : -1;
  const hit = hits[Math.max(0, Math.min(hits.length - 1, at + step))];
  if (!hit) return;
  hit.focus({preventScroll: true});
  hit.scrollIntoView({block: 'nearest'});
}

function pathOf(hit) {
  try { return decodeURIComponent(hit.dataset.path); } catch (notUtf8) { return hit.querySelector('.name').textContent; }
}

async function copy(button) {
  const text = pathOf(button.closest('.hit'));
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch (refused) {
    const box = document.createElement('textarea');
    box.value = text;
    document.body.append(box);
    box.select();
    done = document.execCommand('copy');
    box.remove();
    button.focus();
  }
  const label = button.dataset.label || (button.dataset.label = button.textContent);
  button.textContent = done ? 'Copied' : 'Could not be copied';
  setTimeout(() => { button.textContent = label; }, 1500);
}

for (const hit of hits) {
  hit.addEventListener('focusin', () => choose(hit));
  hit.addEventListener('click', () => choose(hit));
  const sound = soundOf(hit);
  if (!sound) continue;
  sound.addEventListener('timeupdate', stopAtEnd);
  sound.addEventListener('error', () => fail(hit));
  // Events come late: by then the hit may play again.
  sound.addEventListener('ended', () => { if (sound.ended) { if (playing === hit) pause(); rewind(hit); } });
  sound.addEventListener('pause', () => { if (playing === hit && sound.paused) pause(); });
  hit.querySelector('.play').addEventListener('click', () => toggle(hit));
  const strip = hit.querySelector('.strip');
  if (strip) strip.addEventListener('click', event => {
    const box = strip.getBoundingClientRect(), from = value(hit, 'stripFrom'), until = value(hit, 'stripUntil');
    const at = from + (until - from) * (event.clientX - box.left) / box.width;
    play(hit, hit.dataset.cut ? Math.max(value(hit, 'from'), Math.min(at, value(hit, 'until') - 0.05)) : at);
  });
}
for (const button of document.querySelectorAll('.copy')) button.addEventListener('click', () => copy(button));

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -hits.length, End: hits.length};
  if (event.key === ' ') {
    const isButton = event.target instanceof Element ? event.target.closest('button, a') : null;
    if (isButton || !current) return;
    event.preventDefault();
    if (!event.repeat) toggle(current);
  } else if (event.key in steps) {
    event.preventDefault();
    move(steps[event.key]);
  }
});

if (hits.length > 0) choose(hits[0]);
const queries = Array.from(document.querySelectorAll('h2'));
if (queries.length > 1) {
  const list = document.querySelector('nav');
  for (const query of queries) {
    const link = document.createElement('a');
    link.href = '#' + query.id;
    link.textContent = query.firstElementChild.textContent;
    list.append(link);
  }
}
document.documentElement.classList.add('js');
)js";

}  // namespace claptools
