#include "claptools/pipeline/streams/input_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {

InputReader::InputReader(const std::vector<AudioInput>& inputs) : inputs_(inputs) {}

InputReader::InputReader(PackedInputs inputs) : inputs_(std::move(inputs)) {}

InputReader::InputReader(PackedInputs inputs, InputList names, StreamOptions options)
    : inputs_(std::move(inputs)), list_(std::move(names)), options_(std::move(options)) {}

std::optional<std::size_t> InputReader::size() const {
  if (inputs_.has_streams()) return std::nullopt;
  return inputs_.size();
}

std::optional<AudioInput> InputReader::next(bool with_audio) {
  while (ready_.empty()) {
    if (next_ == inputs_.size()) return std::nullopt;
    AudioInput input = inputs_.at(next_);
    if (input.is_stream) {
      read_stream(input, with_audio);
    } else {
      ++next_;
      return input;
    }
  }
  AudioInput input = std::move(ready_.front());
  ready_.pop_front();
  return input;
}

/// The next key of the stream at next_, or what is wrong with the rest of it.
void InputReader::read_stream(const AudioInput& shard, bool with_audio) {
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
  const PackedInputs found = list_.take();
  for (std::size_t i = 0; i < found.size(); ++i) ready_.push_back(found.at(i));
}

}  // namespace claptools
