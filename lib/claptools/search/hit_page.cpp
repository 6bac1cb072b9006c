#include "claptools/search/hit_page.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "claptools/core/strings/base64.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/url.hpp"
#include "claptools/report/level_image.hpp"
#include "claptools/report/svg.hpp"
#include "claptools/search/hit_page_parts.hpp"
#include "claptools/store/digest.hpp"

namespace claptools {
namespace {

constexpr double kRange = 70;       // dB that the colours span
constexpr double kLeastLoud = -55;  // dB: silence stays dark

constexpr std::string_view kPlayButton =
    "<button type=\"button\" class=\"play\" aria-label=\"Play\">"
    "<svg viewBox=\"0 0 16 16\" class=\"start\" aria-hidden=\"true\"><path d=\"M3 "
    "1v14l11-7z\"/></svg>"
    "<svg viewBox=\"0 0 16 16\" class=\"pause\" aria-hidden=\"true\"><path d=\"M3 1h4v14H3zM9 "
    "1h4v14H9z\"/></svg>"
    "</button>\n";

/// The source expression of the one script that may run. Source: Content Security Policy level 2.
std::string script_digest() {
  Sha256 digest;
  digest.update(std::as_bytes(std::span(kHitPageScript)));
  const std::string hex = digest.hex();
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(&hex[i], &hex[i] + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return "'sha256-" + base64(bytes) + "'";
}

/// Nothing is fetched but recordings on this machine or beside the page; no other script runs.
std::string policy() {
  return "default-src 'none'; style-src 'unsafe-inline'; script-src " + script_digest() +
         "; img-src data:; media-src 'self' file: data:";
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escape_markup(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
  return attribute(name, decimal(value, 6));
}

std::string element(std::string_view opening, std::string_view text) {
  const std::string_view tag = opening.substr(0, opening.find(' '));
  return "<" + std::string(opening) + ">" + escape_markup(text) + "</" + std::string(tag) + ">";
}

std::string definitions(std::string_view css_class, const PageRows& rows) {
  std::string out;
  for (const auto& [name, value] : rows) {
    if (!value.empty()) out += "<div>" + element("dt", name) + element("dd", value) + "</div>";
  }
  return out.empty() ? out : "<dl class=\"" + std::string(css_class) + "\">" + out + "</dl>\n";
}

/// "0:12.5", "1:02:03".
std::string clock_text(double seconds) {
  const auto tenths = std::llround(std::clamp(seconds, 0.0, 1e12) * 10);
  const auto whole = tenths / 10;
  const auto two = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  std::string out = whole >= 3600 ? std::to_string(whole / 3600) + ":" + two(whole / 60 % 60)
                                  : std::to_string(whole / 60);
  out += ":" + two(whole % 60);
  return tenths % 10 > 0 ? out + "." + std::to_string(tenths % 10) : out;
}

/// "12.5 - 20 s", after the first minute with hours and minutes as well: "70 - 80 s (1:10 - 1:20)".
std::string times_text(double start_s, double end_s) {
  const std::string dash = " \xE2\x80\x93 ";
  const std::string seconds = number_text(start_s) + dash + number_text(end_s) + " s";
  if (end_s < 60) return seconds;
  return seconds + " (" + clock_text(start_s) + dash + clock_text(end_s) + ")";
}

std::string percent(double share) { return decimal(100 * std::clamp(share, 0.0, 1.0), 2) + "%"; }

std::string strip_html(const PageHit& hit) {
  const PageStrip& strip = hit.strip;
  if (strip.levels.rows * strip.levels.cols == 0) return {};
  const auto share = [&](double seconds) {
    return std::clamp((seconds - strip.start_s) / (strip.end_s - strip.start_s), 0.0, 1.0);
  };
  const auto loudest = std::ranges::max_element(strip.levels.data);
  const double high = std::max<double>(*loudest, kLeastLoud);
  const double from = share(hit.start_s);
  return "<div class=\"strip\"><img alt=\"Spectrogram\"" +
         attribute("src", level_image(strip.levels, high - kRange, high)) +
         "/><span class=\"mark\" style=\"left:" + percent(from) +
         ";width:" + percent(share(hit.end_s) - from) +
         "\"></span><span class=\"cursor\"></span></div>\n<div class=\"ends\">" +
         element("span", clock_text(strip.start_s)) + element("span", clock_text(strip.end_s)) +
         "</div>\n";
}

std::string audio_html(const PageSound& sound) {
  if (sound.url.empty()) return {};
  std::string url = sound.url;
  if (!sound.is_cut) {  // players that know no script begin and end there, too
    url += "#t=" + decimal(sound.from_s + sound.clock_s, 3) + "," +
           decimal(sound.until_s + sound.clock_s, 3);
  }
  return "<audio controls=\"controls\" preload=\"none\"" + attribute("src", url) + "></audio>\n";
}

std::string name_html(const std::string& id) {
  const std::size_t slash = id.rfind('/');
  if (slash == id.npos || slash + 1 == id.size()) return element("b", id);
  return element("span", id.substr(0, slash + 1)) + element("b", id.substr(slash + 1));
}

std::string opening_tag(const PageHit& hit) {
  std::string out = "<li class=\"hit\" tabindex=\"0\"" + attribute("data-rank", hit.rank);
  out += attribute("aria-label", std::to_string(hit.rank) + ", " + hit.id);
  if (!hit.path.empty()) out += attribute("data-path", percent_encode(hit.path));
  if (!hit.sound.url.empty()) {
    out += attribute("data-from", hit.sound.from_s) + attribute("data-until", hit.sound.until_s) +
           attribute("data-clock", hit.sound.clock_s);
    if (hit.sound.is_cut) out += attribute("data-cut", "1");
  }
  if (hit.strip.levels.rows > 0) {
    out += attribute("data-strip-from", hit.strip.start_s) +
           attribute("data-strip-until", hit.strip.end_s);
  }
  return out + ">\n";
}

}  // namespace

std::string hit_page_begin(std::string_view title, const PageRows& facts) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  out += "<meta http-equiv=\"Content-Security-Policy\"" + attribute("content", policy()) + "/>\n";
  out += element("title", title) + "\n<style>" + std::string(kHitPageStyle);
  out += "</style>\n</head>\n<body>\n<header>\n" + element("h1", title) + "\n";
  out += definitions("facts", facts);
  out +=
      "<p class=\"keys\"><kbd>Space</kbd> plays and pauses, <kbd>\xE2\x86\x91</kbd> "
      "<kbd>\xE2\x86\x93</kbd> go from hit to hit. A click on a spectrogram plays from "
      "there.</p>\n<nav></nav>\n";
  return out + "</header>\n<main>\n";
}

std::string hit_page_query(std::size_t number, std::string_view query, std::size_t hits) {
  const std::string count = hits == 0   ? "no hits"
                            : hits == 1 ? "1 hit"
                                        : std::to_string(hits) + " hits";
  return "<section>\n<h2 id=\"q" + std::to_string(number) + "\">" + element("span", query) +
         element("small", count) + "</h2>\n" + (hits > 0 ? "<ol>\n" : "");
}

std::string hit_page_query_end(std::size_t hits) {
  return hits > 0 ? "</ol>\n</section>\n" : "</section>\n";
}

std::string hit_page_hit(const PageHit& hit) {
  std::string out = opening_tag(hit);
  out += hit.sound.url.empty() ? "<span></span>\n" : kPlayButton;
  out += "<div>" + element("span class=\"rank\"", std::to_string(hit.rank)) +
         element("span class=\"score\"", hit.score) +
         "<div class=\"bar\"><i style=\"width:" + percent(hit.value) + "\"></i></div></div>\n";
  out += "<div class=\"what\"><div class=\"name\">" + name_html(hit.id) + "</div>\n";
  if (hit.end_s > hit.start_s) {
    out += element("div class=\"times\"", times_text(hit.start_s, hit.end_s)) + "\n";
  }
  out += definitions("meta", hit.meta) + element("p class=\"note\"", hit.note) + "\n";
  if (!hit.path.empty()) {
    out += element("button type=\"button\" class=\"copy\"",
                   hit.end_s > hit.start_s ? "Copy path" : "Copy text") +
           "\n";
  }
  out += "</div>\n<div class=\"view\">\n" + strip_html(hit) + audio_html(hit.sound) + "</div>\n";
  return out + "</li>\n";
}

std::string hit_page_end() {
  return "</main>\n<script>" + std::string(kHitPageScript) + "</script>\n</body>\n</html>\n";
}

}  // namespace claptools
