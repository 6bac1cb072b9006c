#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "claptools/audio/stream_choice.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/store/embedding_file.hpp"

namespace claptools {

/// How the recordings of hits are read again.
struct HitSoundOptions {
  StreamChoice stream;
  TimeZero time_zero = TimeZero::audio;  ///< what 0 s of the hits is
  std::size_t max_columns = 600;         ///< of a picture
  double max_cut_s = 0;                  ///< length of the cuts; 0: none
  int threads = 1;
};

/// The stream and the time zero with which the rows of a file or index were made.
HitSoundOptions read_like(const EmbeddingHeader& header);

/// What can be seen and heard of a hit.
struct HitSound {
  static constexpr int kSampleRate = 24000;  ///< Hz, of the cut

  std::string fault;   ///< why there is nothing; else empty
  double clock_s = 0;  ///< what players show at 0 s of the hits
  double start_s = 0;  ///< of the levels, in the time of the hits: some seconds before them
  double end_s = 0;
  Matrix levels;                  ///< as BandLevels gives them
  std::vector<std::int16_t> cut;  ///< mono, from the start of the hit; may be empty
};

/// Decodes the recordings of hits once each, up to the end of their last hit. Memory holds the
/// results, and one member of a shard a thread.
/// @param hits ids as of rows, and their times.
/// @return one for each hit, in their order. A recording that is missing or damaged is a fault of
/// its hits.
std::vector<HitSound> read_hit_sounds(std::span<const Segment> hits,
                                      const HitSoundOptions& options);

}  // namespace claptools
