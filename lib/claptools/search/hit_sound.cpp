#include "claptools/search/hit_sound.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "claptools/archive/tar_file.hpp"
#include "claptools/audio/audio_reader.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/files/member_path.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/search/band_levels.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlock = 1 << 15;                         // samples read at a time
constexpr std::uint64_t kMaxMember = std::uint64_t{256} << 20;  // bytes
constexpr double kLeastAround_s = 2, kMostAround_s = 30;        // shown on each side of a hit

/// Hits of one recording, by their places in the list.
using Places = std::vector<std::size_t>;
/// The recordings of one file: itself, under an empty name, or members.
using Members = std::map<std::string, Places>;

/// A stretch of samples, [begin, end).
struct Stretch {
  std::size_t begin = 0, end = 0;

  std::size_t size() const { return end - begin; }
  /// What of `samples`, which begin at `first`, lies in it.
  std::span<const float> of(std::span<const float> samples, std::size_t first) const {
    const std::size_t from = std::clamp(begin, first, first + samples.size());
    const std::size_t to = std::clamp(end, from, first + samples.size());
    return samples.subspan(from - first, to - from);
  }
};

/// 0 for what is before the recording, or no number.
std::size_t sample_at(double seconds) {
  constexpr double kMost_s = 1e10;
  if (!(seconds > 0)) return 0;
  return static_cast<std::size_t>(std::llround(std::min(seconds, kMost_s) * HitSound::kSampleRate));
}

/// One hit while its recording is decoded.
struct Listener {
  Listener(const Segment& hit, double zero_s, const HitSoundOptions& options, HitSound& result)
      : out(result) {
    const double around = std::clamp((hit.end_s - hit.start_s) / 2, kLeastAround_s, kMostAround_s);
    const double start_s = hit.start_s - zero_s, end_s = hit.end_s - zero_s;
    shown = {sample_at(start_s - around), sample_at(end_s + around)};
    shown.end = std::max(shown.end, shown.begin + 1);
    cut = {sample_at(start_s), sample_at(std::min(end_s, start_s + options.max_cut_s))};
    cut.end = std::max(cut.end, cut.begin);
    levels.emplace(HitSound::kSampleRate, shown.size(), options.max_columns);
  }

  void hear(std::span<const float> samples, std::size_t first) {
    levels->push(shown.of(samples, first));
    for (const float x : cut.of(samples, first))
      out.cut.push_back(static_cast<std::int16_t>(std::lround(std::clamp(x, -1.0f, 1.0f) * 32767)));
  }

  /// Once.
  void finish(double zero_s) {
    is_finished = true;
    const auto seconds = [&](std::size_t sample) {
      return static_cast<double>(sample) / HitSound::kSampleRate + zero_s;
    };
    if (shown.begin + levels->size() <= cut.begin) {
      out.fault = "the recording ends before the hit";
      return;
    }
    out.start_s = seconds(shown.begin);
    out.end_s = seconds(shown.begin + levels->size());
    out.levels = levels->finish();
  }

  HitSound& out;
  Stretch shown, cut;
  std::optional<BandLevels> levels;
  bool is_finished = false;
};

class HitReader {
 public:
  HitReader(std::span<const Segment> hits, const HitSoundOptions& options)
      : hits_(hits), options_(options), sounds_(hits.size()) {}

  std::vector<HitSound> read() {
    std::map<std::string, Members> files;
    for (std::size_t i = 0; i < hits_.size(); ++i) {
      const auto member = split_member(hits_[i].id);
      if (member) {
        files[member->first][member->second].push_back(i);
      } else {
        files[hits_[i].id][""].push_back(i);
      }
    }
    std::vector<std::pair<std::string, Members>> list(files.begin(), files.end());
    parallel_for(list.size(), options_.threads,
                 [&](std::size_t i) { read_file(list[i].first, list[i].second); });
    return std::move(sounds_);
  }

 private:
  void read_file(const std::string& path, Members& members) {
    try {
      if (members.begin()->first.empty()) {
        listen(members.begin()->second, AudioReader(path, HitSound::kSampleRate, options_.stream));
      } else {
        read_shard(path, members);
      }
    } catch (const Error& e) {
      for (const auto& [name, places] : members) fail(places, e.reason());
    }
  }

  void read_shard(const std::string& path, Members& members) {
    TarFile shard(path);
    while (!members.empty()) {
      const auto entry = shard.next();
      if (!entry) throw Error(Fault::no_input, path, "has no such member");
      const auto found = members.find(entry->name);
      if (found == members.end()) continue;
      read_member(shard, *entry, found->second);
      members.erase(found);
    }
  }

  void read_member(TarFile& shard, const TarEntry& entry, const Places& places) {
    try {
      if (!entry.broken.empty()) throw Error(Fault::data, entry.name, entry.broken);
      const std::vector<std::uint8_t> bytes = shard.read(kMaxMember);
      listen(places, AudioReader(bytes, entry.name, HitSound::kSampleRate, options_.stream));
    } catch (const Error& e) {
      fail(places, e.reason());
    }
  }

  void listen(const Places& places, AudioReader reader) {
    const bool by_container = options_.time_zero == TimeZero::container;
    const double zero_s = by_container ? reader.start_s() : 0;
    std::vector<Listener> listeners;
    std::size_t end = 0;
    for (const std::size_t i : places) {
      sounds_[i].clock_s = by_container ? 0 : reader.start_s();
      listeners.emplace_back(hits_[i], zero_s, options_, sounds_[i]);
      end = std::max(end, listeners.back().shown.end);
    }
    std::vector<float> block(kBlock);
    for (std::size_t done = 0; done < end;) {
      const std::size_t got = reader.read(block);
      if (got == 0) break;
      for (Listener& listener : listeners) {
        if (listener.is_finished) continue;
        listener.hear(std::span(block).first(got), done);
        if (done + got >= listener.shown.end) listener.finish(zero_s);
      }
      done += got;
    }
    for (Listener& listener : listeners)
      if (!listener.is_finished) listener.finish(zero_s);
  }

  /// What was decoded before the damage stays.
  void fail(const Places& places, const std::string& reason) {
    for (const std::size_t i : places) {
      if (sounds_[i].levels.rows > 0) continue;
      sounds_[i] = {};
      sounds_[i].fault = reason;
    }
  }

  std::span<const Segment> hits_;
  const HitSoundOptions& options_;
  std::vector<HitSound> sounds_;
};

}  // namespace

HitSoundOptions read_like(const EmbeddingHeader& header) {
  HitSoundOptions options;
  std::istringstream words(header.options);  // as describe_reading() writes them
  for (std::string word; words >> word;) {
    if (word == "time-zero=container") options.time_zero = TimeZero::container;
    if (word.starts_with("stream=")) options.stream = parse_stream_choice(word.substr(7));
  }
  return options;
}

std::vector<HitSound> read_hit_sounds(std::span<const Segment> hits,
                                      const HitSoundOptions& options) {
  return HitReader(hits, options).read();
}

}  // namespace claptools
