#include "cmd/query/page_output.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "claptools/audio/wav.hpp"
#include "claptools/core/files/member_path.hpp"
#include "claptools/core/strings/base64.hpp"
#include "claptools/core/strings/url.hpp"

namespace claptools::cmd {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 32;  // hits whose sound is in memory

std::string folder_of_page(const std::string& path) {
  return path == "-" ? "" : fs::path(absolute_path(path)).parent_path().native();
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

PageOutput::PageOutput(const PageOptions& options, const IndexRows& rows,
                       std::vector<std::string> names, const PageRows& facts,
                       const Messages& messages)
    : options_(options),
      rows_(rows),
      names_(std::move(names)),
      messages_(messages),
      folder_(folder_of_page(options.path)),
      reading_(read_like(rows.header)),
      output_(options.path, options.force) {
  reading_.threads = options.threads;
  reading_.max_cut_s = options.embed ? kMaxCut_s : 0;
  output_.write(hit_page_begin("Hits of clap-query", facts));
}

void PageOutput::add(const std::string& query, std::span<const Hit> hits,
                     std::span<const PrintedHit> printed) {
  output_.write(hit_page_query(++queries_, query, hits.size()));
  for (std::size_t first = 0; first < hits.size(); first += kBlock) {
    const auto block = hits.subspan(first, std::min(kBlock, hits.size() - first));
    std::vector<HitSound> sounds = sounds_of(block);
    for (std::size_t i = 0; i < block.size(); ++i) {
      PageHit shown = page_hit(block[i], printed[first + i], std::move(sounds[i]));
      shown.rank = first + i + 1;
      output_.write(hit_page_hit(shown));
    }
  }
  output_.write(hit_page_query_end(hits.size()));
}

std::vector<HitSound> PageOutput::sounds_of(std::span<const Hit> hits) {
  std::vector<Segment> segments;
  hits_ += hits.size();
  for (const Hit& hit : hits) {
    if (rows_.header.kind == "text" || drawn_ == kMaxSounds) break;
    segments.push_back({rows_.segments[hit.row].id, hit.start_s, hit.end_s});
    ++drawn_;
  }
  std::vector<HitSound> sounds = read_hit_sounds(segments, reading_);
  for (std::size_t i = 0; i < sounds.size(); ++i)
    if (!sounds[i].fault.empty()) report(segments[i].id, sounds[i].fault);
  sounds.resize(hits.size());
  return sounds;
}

void PageOutput::report(const std::string& id, const std::string& fault) {
  if (failed_.insert(id).second) messages_.error(id, fault);
}

PageHit PageOutput::page_hit(const Hit& hit, const PrintedHit& printed, HitSound sound) {
  PageHit shown;
  shown.score = printed.score;
  shown.value = hit.score;
  shown.id = printed.id;
  shown.start_s = hit.start_s;
  shown.end_s = hit.end_s;
  for (std::size_t c = 0; c < names_.size(); ++c)
    shown.meta.emplace_back(names_[c], rows_.meta[c][hit.row]);
  if (rows_.header.kind == "text") {
    shown.path = printed.id;
    return shown;
  }
  const std::string& id = rows_.segments[hit.row].id;
  shown.path = absolute_path(id);
  add_sound(shown, id, sound);
  shown.strip = {std::move(sound.levels), sound.start_s, sound.end_s};
  return shown;
}

void PageOutput::add_sound(PageHit& shown, const std::string& id, const HitSound& sound) {
  if (!sound.fault.empty()) shown.note = "Cannot be read: " + sound.fault;
  const std::size_t bytes = sound.cut.size() * sizeof(sound.cut[0]);
  if (bytes > 0 && bytes_ + bytes <= kMaxBytes) {
    bytes_ += bytes;
    const double length = static_cast<double>(sound.cut.size()) / HitSound::kSampleRate;
    shown.sound = {"data:audio/wav;base64," + base64(wav_bytes(sound.cut, HitSound::kSampleRate)),
                   -shown.start_s, shown.start_s, shown.start_s + length, true};
    if (shown.end_s - shown.start_s > kMaxCut_s) shown.note = "The first 30 s can be heard here.";
    return;
  }
  if (options_.embed && sound.fault.empty()) ++not_embedded_;
  if (is_file(shown.path)) {
    shown.sound = {link_to(shown.path, folder_), sound.clock_s, shown.start_s, shown.end_s, false};
  } else if (sound.fault.empty() && split_member(id)) {
    if (!options_.embed) ++in_archives_;
    shown.note =
        "Lies in an archive, so that it can be heard only where a page is made with "
        "--embed-audio.";
  } else if (sound.fault.empty()) {
    report(id, "no such file");
    shown.note = "Cannot be read: no such file";
  }
}

void PageOutput::close() {
  output_.write(hit_page_end());
  output_.close();
  const auto warn = [&](std::size_t count, const std::string& what) {
    if (count > 0) messages_.warn(options_.path + ": " + what + ": " + std::to_string(count));
  };
  if (rows_.header.kind != "text")
    warn(hits_ - drawn_, "hits without a spectrogram, beyond the first 1000");
  warn(not_embedded_, "hits linked, not embedded, beyond the first 1000 or 200 MiB");
  warn(in_archives_, "hits in archives, which --embed-audio alone makes heard");
}

}  // namespace claptools::cmd
