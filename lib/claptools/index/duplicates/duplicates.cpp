#include "claptools/index/duplicates/duplicates.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>

#include "claptools/audio/audio_facts.hpp"
#include "claptools/core/error.hpp"
#include "claptools/core/parallel_for.hpp"
#include "claptools/index/duplicates/best_copy.hpp"

namespace claptools {
namespace {

/// A recording that has a match.
struct Copy {
  CopyFacts facts;
  std::pair<std::uint64_t, std::uint64_t> file;  ///< device and inode; 0, 0 if it is not there
};

using Copies = std::map<std::uint32_t, Copy>;

Copy look_at(const std::string& id, double length_s, bool read_file) {
  Copy copy;
  copy.facts.length_s = length_s;
  struct stat info {};
  if (!read_file || ::stat(id.c_str(), &info) != 0) return copy;
  copy.file = {info.st_dev, info.st_ino};
  try {
    const AudioFacts audio = read_audio_facts(id);
    copy.facts = {true,           audio.duration_s, audio.sample_rate,
                  audio.lossless, audio.bits,       static_cast<double>(audio.bit_rate)};
  } catch (const Error&) {
    return copy;  // what its rows say is known all the same
  }
  if (copy.facts.length_s <= 0) copy.facts.length_s = length_s;
  return copy;
}

class Finder {
 public:
  Finder(const SearchDirectory& directory, const DuplicateOptions& options)
      : directory_(directory),
        options_(options),
        is_audio_(directory.rows.header.kind == "audio"),
        recordings_(find_recordings(directory.rows.segments, is_audio_)) {}

  std::vector<Duplicate> find() {
    const auto pairs = find_near_pairs(*directory_.index, recordings_.of_row, options_.pairs);
    matches_ =
        match_recordings(pairs, directory_.rows.segments, recordings_, options_.pairs.threshold);
    std::erase_if(matches_, [&](const auto& m) { return share(m) < options_.min_share; });
    look_at_files();
    std::erase_if(matches_, [&](const RecordingMatch& m) {
      const auto& file = copies_.at(m.first).file;
      return file.second != 0 && file == copies_.at(m.second).file;
    });
    return grouped();
  }

 private:
  const std::string& id(std::uint32_t recording) const {
    return directory_.rows.segments[recordings_.first_row[recording]].id;
  }

  double share(const RecordingMatch& m) const {
    const double first = recordings_.length_s[m.first], second = recordings_.length_s[m.second];
    const double shorter = std::min(first, second);
    const Span& span = first <= second ? m.first_span : m.second_span;
    return shorter > 0 ? std::min((span.end_s - span.start_s) / shorter, 1.0) : 1;
  }

  bool stopped() const { return options_.pairs.stop != nullptr && options_.pairs.stop->load(); }

  void look_at_files() {
    for (const RecordingMatch& m : matches_) {
      copies_[m.first];
      copies_[m.second];
    }
    std::vector<Copies::value_type*> all;
    for (auto& copy : copies_) all.push_back(&copy);
    std::mutex mutex;
    std::size_t done = 0;
    parallel_for(all.size(), options_.pairs.threads, [&](std::size_t i) {
      auto& [recording, copy] = *all[i];
      copy = look_at(id(recording), recordings_.length_s[recording],
                     is_audio_ && options_.read_files && !stopped());
      const std::scoped_lock lock(mutex);
      if (options_.files_progress) options_.files_progress(++done, all.size());
    });
  }

  /// The recording that stands for those it is joined with: the first of them.
  std::uint32_t root(std::uint32_t recording) {
    std::uint32_t next = roots_.try_emplace(recording, recording).first->second;
    while (next != recording) {
      const std::uint32_t after = roots_.at(next);
      roots_[std::exchange(recording, next)] = after;  // halves the way
      next = after;
    }
    return recording;
  }

  std::vector<Duplicate> grouped() {
    for (const RecordingMatch& m : matches_) {
      const auto [low, high] = std::minmax({root(m.first), root(m.second)});
      roots_[high] = low;
    }
    std::map<std::uint32_t, std::vector<std::uint32_t>> members;  // by root
    for (const auto& [recording, next] : roots_) members[root(recording)].push_back(recording);
    std::map<std::uint32_t, std::pair<std::size_t, std::string>> groups;  // number, copy to keep
    for (const auto& [first, all] : members) groups[first] = {groups.size() + 1, keep(all)};
    std::vector<Duplicate> duplicates;
    for (const RecordingMatch& m : matches_) {
      const auto& [number, kept] = groups.at(root(m.first));
      duplicates.push_back({number, m, id(m.first), id(m.second), share(m), kept});
    }
    std::ranges::stable_sort(duplicates, {}, &Duplicate::group);
    return duplicates;
  }

  std::string keep(const std::vector<std::uint32_t>& recordings) const {
    std::vector<CopyFacts> facts;
    for (const std::uint32_t recording : recordings) facts.push_back(copies_.at(recording).facts);
    return id(recordings[best_copy(facts)]);
  }

  const SearchDirectory& directory_;
  const DuplicateOptions& options_;
  bool is_audio_;
  Recordings recordings_;
  std::vector<RecordingMatch> matches_;
  Copies copies_;
  std::map<std::uint32_t, std::uint32_t> roots_;  ///< of recordings that have a match
};

}  // namespace

std::vector<Duplicate> find_duplicates(const SearchDirectory& directory,
                                       const DuplicateOptions& options) {
  return Finder(directory, options).find();
}

}  // namespace claptools
