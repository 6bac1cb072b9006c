#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "claptools/pipeline/streams/input_reader.hpp"
#include "claptools/runs/part_file.hpp"

namespace claptools {

/// The inputs of a run by their places. Those that were read ahead of the place reached are held:
/// a stream gives them once. One thread may wait for an input while another gives some up.
class RunInputs {
 public:
  explicit RunInputs(InputReader reader);

  /// The input at a place, no less than the last one given up; nothing after the last.
  std::optional<AudioInput> at(std::size_t place);

  /// Those before it are not asked for again.
  void give_up_before(std::size_t place);

  /// Whether the inputs from a place on are still what a part was made of.
  /// @throws Error{data} if they are not and cannot be read again, as members of a stream.
  bool are_made(const std::vector<PartInput>& part, std::size_t place);

  /// Number of inputs, if it is known before the last was read.
  std::optional<std::size_t> size() const { return size_; }

  /// Of the meta values of the inputs read so far.
  std::vector<std::string> columns() const;

 private:
  std::optional<AudioInput> find(std::size_t place, bool with_audio);
  std::optional<AudioInput> held(std::size_t place) const;

  std::mutex reading_;  ///< of reader_
  InputReader reader_;
  std::optional<std::size_t> size_;

  mutable std::mutex mutex_;  ///< of what follows; never held while a stream is waited for
  std::size_t first_ = 0;     ///< place of held_[0]
  std::deque<AudioInput> held_;
  std::vector<std::string> columns_;
};

}  // namespace claptools
