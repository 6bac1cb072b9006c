#pragma once

#include <cstdint>
#include <string>

struct AVFormatContext;
struct AVFrame;
struct AVStream;

namespace claptools {

/// The time stamps of a stream's blocks, where the container has some that are of the recording:
/// when its sound begins, and what they leave out.
class BlockTimes {
 public:
  BlockTimes() = default;

  /// @param first the stream's first block.
  BlockTimes(const AVFormatContext& format, const AVStream& stream, const AVFrame& first);

  /// Of the first sample, s after the earliest sound or picture of the file; 0 without time stamps.
  double start_s() const { return start_s_; }

  /// Takes the next block. @param heard_s length of those before it, by their samples.
  void add(const AVFrame& block, double heard_s);

  /// After the end: the gaps, for a warning, or "".
  std::string warning() const;

 private:
  double unit_s_ = 0;  // of a time stamp
  double start_s_ = 0;
  bool are_told_ = false;
  double next_s_ = 0;        // of the block after the last one, by its time stamp
  double jumps_s_ = 0;       // sum of what time stamps left out
  double first_jump_s_ = 0;  // where
};

}  // namespace claptools
