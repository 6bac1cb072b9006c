#include "mgaclap/pipeline/decode_pool.hpp"

#include <utility>

#include "mgaclap/core/error.hpp"

namespace mgaclap {
namespace {

/// Windows of a recording that are held until it is known to be whole; a longer one is decoded
/// twice instead.
constexpr std::size_t kHeldWindows = 6;

std::string stage_of(Fault fault) { return fault == Fault::no_input ? "open" : "decode"; }

/// The reason without the name, which stands beside it.
InputError describe(const AudioInput& input, const Error& error) {
  return {input.id, stage_of(error.fault()), error.reason()};
}

}  // namespace

DecodePool::DecodePool(const InputSource& next, const EmbedOptions& options, int sample_rate,
                       const WindowGrid& grid, int threads, std::size_t lookahead)
    : next_(next),
      options_(options),
      sample_rate_(sample_rate),
      grid_(grid),
      running_(threads),
      recordings_(lookahead) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

/// No pop() runs any more: what decoders still wait to push is refused.
DecodePool::~DecodePool() {
  stop();
  while (const auto items = recordings_.pop()) (*items)->close();
  if (current_) current_->close();
  for (std::thread& thread : threads_) thread.join();
}

void DecodePool::stop() {
  stopped_ = true;
  recordings_.close();
}

/// The next input and its place in the order, both under one lock so that they agree.
std::optional<std::pair<std::shared_ptr<const AudioInput>, std::shared_ptr<DecodePool::ItemQueue>>>
DecodePool::take() {
  const std::scoped_lock lock(source_mutex_);
  if (stopped_ || source_error_) return std::nullopt;
  try {
    auto input = next_();
    if (!input) return std::nullopt;
    auto items = std::make_shared<ItemQueue>(2);
    if (!recordings_.push(items)) return std::nullopt;
    return std::pair{std::make_shared<const AudioInput>(std::move(*input)), std::move(items)};
  } catch (...) {
    source_error_ = std::current_exception();
    return std::nullopt;
  }
}

void DecodePool::run() {
  while (const auto taken = take()) {
    decode(taken->first, *taken->second);
    taken->second->close();
  }
  const std::scoped_lock lock(source_mutex_);
  if (--running_ == 0) recordings_.close();
}

void DecodePool::decode(const std::shared_ptr<const AudioInput>& input, ItemQueue& items) const {
  DecodedItem end{input, {}, 0, {}, {}};
  end.began = std::chrono::steady_clock::now();
  try {
    if (!send_windows(input, items)) return;
  } catch (const Error& e) {
    end.failure = describe(*input, e);
    end.exception = std::current_exception();
  } catch (const std::bad_alloc&) {
    end.failure = InputError{input->id, "decode", "out of memory"};
    end.exception = std::current_exception();
  }
  items.push(std::move(end));
}

bool DecodePool::send(const std::shared_ptr<const AudioInput>& input, ItemQueue& items,
                      AudioWindow window) const {
  const std::size_t length = window.samples.size();
  fit_duration(window.samples, grid_.window, options_.short_audio);
  return !stopped_ && items.push({input, std::move(window), length, {}, {}});
}

/// @return false if the run was stopped.
bool DecodePool::send_windows(const std::shared_ptr<const AudioInput>& input,
                              ItemQueue& items) const {
  WindowReader reader(AudioReader(input->path, sample_rate_), grid_);
  std::vector<AudioWindow> held;
  const std::size_t wanted = options_.pooling == Pooling::first ? 1 : kHeldWindows;
  std::optional<AudioWindow> window;
  while (held.size() < wanted && (window = reader.next())) held.push_back(std::move(*window));
  if (window &&
      options_.pooling != Pooling::first) {  // longer: see it whole before any of it is used
    while (reader.next()) {
      if (stopped_) return false;
    }
  }
  for (AudioWindow& first : held) {
    if (!send(input, items, std::move(first))) return false;
  }
  if (!window || options_.pooling == Pooling::first) return true;
  WindowReader again(AudioReader(input->path, sample_rate_), grid_);
  for (std::size_t skipped = 0; skipped < held.size(); ++skipped) again.next();
  while (auto next = again.next()) {
    if (!send(input, items, std::move(*next))) return false;
  }
  return true;
}

std::optional<DecodedItem> DecodePool::pop() {
  while (true) {
    if (current_) {
      if (auto item = current_->pop()) return item;
    }
    auto next = recordings_.pop();
    if (!next) break;
    current_ = std::move(*next);
  }
  const std::scoped_lock lock(source_mutex_);
  if (source_error_) std::rethrow_exception(source_error_);
  return std::nullopt;
}

}  // namespace mgaclap
