#include "claptools/pipeline/streams/input_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {

InputReader::InputReader(std::vector<AudioInput> inputs) : inputs_(std::move(inputs)) {}

InputReader::InputReader(std::vector<AudioInput> inputs, InputList names, StreamOptions options)
    : inputs_(std::move(inputs)), list_(std::move(names)), options_(std::move(options)) {}

std::optional<std::size_t> InputReader::size() const {
  if (std::ranges::any_of(inputs_, &AudioInput::is_stream)) return std::nullopt;
  return inputs_.size();
}

std::optional<AudioInput> InputReader::next(bool with_audio) {
  while (ready_.empty()) {
    if (next_ == inputs_.size()) return std::nullopt;
    if (!inputs_[next_].is_stream) return inputs_[next_++];
    read_stream(with_audio);
  }
  AudioInput input = std::move(ready_.front());
  ready_.pop_front();
  return input;
}

/// The next key of the stream at next_, or what is wrong with the rest of it.
void InputReader::read_stream(bool with_audio) {
  const AudioInput& shard = inputs_[next_];
  try {
    if (!stream_) stream_ = std::make_unique<StreamedShard>(shard, options_);
    if (stream_->next(list_, with_audio)) {
      any_ = true;
    } else {
      if (!std::exchange(any_, false)) throw Error(Fault::data, shard.id, kNoMembers);
      stream_.reset();
      ++next_;
    }
  } catch (const Error& error) {
    stream_.reset();
    any_ = false;
    ++next_;
    if (!*options_.stop) list_.add({shard.id, shard.audio, {}, error.reason()});
  }
  std::ranges::move(list_.take(), std::back_inserter(ready_));
}

}  // namespace claptools
