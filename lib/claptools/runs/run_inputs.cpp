#include "claptools/runs/run_inputs.hpp"

#include <utility>

#include "claptools/core/error.hpp"

namespace claptools {
namespace {

bool is_made(const PartInput& made, const AudioInput& input) {
  return input.id == made.id && input.meta == made.meta && stamp_of(input.audio) == made.stamp;
}

bool is_passed_over(const AudioInput& input) {
  return input.audio.streamed && input.audio.streamed->bytes.empty() && input.broken.empty();
}

}  // namespace

RunInputs::RunInputs(InputReader reader)
    : reader_(std::move(reader)), size_(reader_.size()), columns_(reader_.columns()) {}

std::optional<AudioInput> RunInputs::held(std::size_t place) const {
  const std::scoped_lock lock(mutex_);
  return place < first_ + held_.size() ? std::optional(held_[place - first_]) : std::nullopt;
}

std::optional<AudioInput> RunInputs::find(std::size_t place, bool with_audio) {
  for (;;) {
    if (auto input = held(place)) return input;
    auto input = reader_.next(with_audio);
    if (!input) return input;
    const std::scoped_lock lock(mutex_);
    held_.push_back(std::move(*input));
    columns_ = reader_.columns();
  }
}

std::optional<AudioInput> RunInputs::at(std::size_t place) {
  const std::scoped_lock lock(reading_);
  return find(place, true);
}

void RunInputs::give_up_before(std::size_t place) {
  const std::scoped_lock lock(mutex_);
  for (; first_ < place && !held_.empty(); ++first_) held_.pop_front();
}

bool RunInputs::are_made(const std::vector<PartInput>& part, std::size_t place) {
  const std::scoped_lock lock(reading_);
  std::string passed_over;
  for (const PartInput& made : part) {
    const auto input = find(place++, false);
    if (input && is_passed_over(*input)) passed_over = input->id;
    if (input && is_made(made, *input)) continue;
    if (passed_over.empty()) return false;
    throw Error(Fault::data, input ? input->id : passed_over,
                "is not what the interrupted run read here, and its stream cannot be read again");
  }
  return true;
}

std::vector<std::string> RunInputs::columns() const {
  const std::scoped_lock lock(mutex_);
  return columns_;
}

}  // namespace claptools
