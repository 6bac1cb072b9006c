#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "claptools/index/find_hits.hpp"
#include "claptools/search/hit_page.hpp"
#include "claptools/search/hit_sound.hpp"
#include "claptools/store/hdf5/row_file.hpp"
#include "cmd/program/messages.hpp"
#include "cmd/program/text_output.hpp"

namespace claptools::cmd {

struct PageOptions {
  std::string path;    ///< empty: no page
  bool embed = false;  ///< sound goes into the page
  bool force = false;
  int threads = 1;
};

/// Hits as they are printed, in their table's spelling.
struct PrintedHit {
  std::string id, score;
};

/// Hits as an HTML page with players and spectrograms; the recordings are read again.
class PageOutput {
 public:
  /// Spectrograms and embedded sound, for at most this many hits of a page, and this many bytes of
  /// sound; the first seconds of a long hit.
  static constexpr std::size_t kMaxSounds = 1000, kMaxBytes = std::size_t{200} << 20;
  static constexpr double kMaxCut_s = 30;

  /// @param rows what hits refer to; it and `messages` must outlive this object.
  /// @param names of the meta columns, as they are printed. @param facts of the page's head.
  /// @throws as TextOutput.
  PageOutput(const PageOptions& options, const IndexRows& rows, std::vector<std::string> names,
             const PageRows& facts, const Messages& messages);

  /// @param printed one for each hit. A recording that cannot be read is reported, once.
  /// @throws Error{io}.
  void add(const std::string& query, std::span<const Hit> hits,
           std::span<const PrintedHit> printed);

  /// How many recordings could not be read.
  std::size_t failed() const { return failed_.size(); }

  /// Writes the end, and says what was left out. @throws Error{io}, {cannot_create}.
  void close();

 private:
  std::vector<HitSound> sounds_of(std::span<const Hit> hits);
  PageHit page_hit(const Hit& hit, const PrintedHit& printed, HitSound sound);
  void add_sound(PageHit& shown, const std::string& id, const HitSound& sound);
  void report(const std::string& id, const std::string& fault);

  PageOptions options_;
  const IndexRows& rows_;
  std::vector<std::string> names_;
  const Messages& messages_;
  std::string folder_;  ///< where the page will lie; empty: standard output
  HitSoundOptions reading_;
  TextOutput output_;
  std::size_t queries_ = 0, hits_ = 0, drawn_ = 0, bytes_ = 0;
  std::size_t in_archives_ = 0, not_embedded_ = 0;
  std::unordered_set<std::string> failed_;
};

}  // namespace claptools::cmd
