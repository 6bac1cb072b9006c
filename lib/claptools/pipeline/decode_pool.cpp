#include "claptools/pipeline/decode_pool.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/pipeline/bounded_queue.hpp"
#include "claptools/pipeline/content/content_digest.hpp"
#include "claptools/pipeline/whole_features.hpp"
#include "claptools/pipeline/window_features.hpp"

namespace claptools {
namespace {

using Clock = std::chrono::steady_clock;

/// Windows of a recording that are held until it is known to be whole; a longer one is decoded
/// twice instead.
constexpr std::size_t kHeldWindows = 6;

std::string seconds_text(double seconds) { return number_text(seconds) + " s"; }

constexpr auto kGlance = std::chrono::milliseconds(100);  // between looks at a decoder that is slow
constexpr auto kPatience = std::chrono::seconds(5);       // with decoders when a run ends

std::string stage_of(const AudioInput& input, Fault fault) {
  if (!input.broken.empty()) return "list";
  return fault == Fault::no_input ? "open" : "decode";
}

/// The reason without the name, which stands beside it.
InputError describe(const AudioInput& input, const Error& error) {
  return {input.id, stage_of(input, error.fault()), error.reason()};
}

/// Of the calling thread, s.
double processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

/// An input on its way through a decoder.
struct DecodePool::Recording {
  explicit Recording(AudioInput taken) : input(std::make_shared<AudioInput>(std::move(taken))) {}

  std::shared_ptr<const AudioInput> input;
  BoundedQueue<DecodedItem> items{2};
  Clock::time_point began = Clock::now();
  std::atomic<std::size_t> steps = 0;    ///< counts up as long as the decoder is not stuck
  bool ended = false, given_up = false;  ///< guarded by State::mutex
};

/// What the threads share. A stuck decoder cannot be ended: it keeps this alive.
struct DecodePool::State {
  State(const InputSource& next, const EmbedOptions& options_, const Model& model_,
        const WindowGrid& grid_, std::size_t lookahead)
      : source(&next),
        options(options_),
        model(&model_),
        sample_rate(model_.spec().audio.sample_rate),
        grid(grid_),
        shares_log_mels(options.pooling != Pooling::first && options.pooling != Pooling::fusion &&
                        WindowFeatures::worthwhile(model_, grid_)),
        recordings(lookahead) {}

  static void start_thread(const std::shared_ptr<State>& state);
  void run();
  std::shared_ptr<Recording> take();
  bool end(Recording& recording);
  void add_time(double seconds);
  void decode(Recording& recording) const;
  std::string digest(Recording& recording, const FileStamp& stamp) const;
  void check_length(const Recording& recording, std::uint64_t samples) const;
  std::string send_windows(Recording& recording) const;
  std::string send_whole(Recording& recording) const;
  std::optional<AudioWindow> next_window(Recording& recording, WindowReader& reader) const;
  std::size_t origin_of(const AudioReader& audio) const;
  bool send(Recording& recording, AudioWindow window, WindowFeatures& features) const;

  // Of the pool's owner: not to be used once it is stopped.
  const InputSource* source;
  const EmbedOptions options;
  const Model* model;
  const int sample_rate;
  const WindowGrid grid;
  const bool shares_log_mels;
  std::atomic<bool> stopped = false;
  std::mutex source_mutex;  ///< of take() alone, which waits for room
  std::mutex mutex;         ///< of what follows
  std::condition_variable ended;
  int running = 0;  ///< threads that are not given up
  double processor_s = 0;
  std::exception_ptr error;
  BoundedQueue<std::shared_ptr<Recording>> recordings;
};

void DecodePool::State::start_thread(const std::shared_ptr<State>& state) {
  std::thread([state] { state->run(); }).detach();
}

void DecodePool::State::run() {
  try {
    while (const auto recording = take()) {
      const double before = processor_time();
      decode(*recording);
      recording->items.close();
      add_time(processor_time() - before);
      if (!end(*recording)) return;
    }
  } catch (...) {
    const std::scoped_lock lock(mutex);
    if (!error) error = std::current_exception();
    stopped = true;
  }
  const std::scoped_lock lock(mutex);
  if (--running == 0 || error) recordings.close();
  ended.notify_all();
}

/// @return false if the recording was given up, and its thread with it.
bool DecodePool::State::end(Recording& recording) {
  const std::scoped_lock lock(mutex);
  recording.ended = true;
  return !recording.given_up;
}

void DecodePool::State::add_time(double seconds) {
  const std::scoped_lock lock(mutex);
  processor_s += seconds;
}

/// The next input, put into the order under the same lock.
std::shared_ptr<DecodePool::Recording> DecodePool::State::take() {
  const std::scoped_lock lock(source_mutex);
  if (stopped) return nullptr;
  auto input = (*source)();
  if (!input) return nullptr;
  auto recording = std::make_shared<Recording>(std::move(*input));
  return recordings.push(recording) ? recording : nullptr;
}

void DecodePool::State::decode(Recording& recording) const {
  const AudioInput& input = *recording.input;
  DecodedItem end{recording.input, {}, 0, {}, {}, recording.began};
  end.stamp = stamp_of(input.audio);
  try {
    if (!input.broken.empty()) throw Error(Fault::data, input.id, input.broken);
    end.warning =
        options.pooling == Pooling::fusion ? send_whole(recording) : send_windows(recording);
    if (options.digests) end.sha256 = digest(recording, end.stamp);
  } catch (const Error& e) {
    end.failure = describe(input, e);
    end.exception = std::current_exception();
  } catch (const std::bad_alloc&) {
    end.failure = InputError{input.id, "decode", "out of memory"};
    end.exception = std::current_exception();
  }
  recording.items.push(std::move(end));
}

/// Now that the system has the file in memory.
std::string DecodePool::State::digest(Recording& recording, const FileStamp& stamp) const {
  return content_sha256(recording.input->audio, stamp, [&] {
    ++recording.steps;
    return !stopped;
  });
}

/// @return false if nobody wants it any more.
bool DecodePool::State::send(Recording& recording, AudioWindow window,
                             WindowFeatures& features) const {
  if (stopped || recording.items.closed()) return false;
  const std::size_t length = window.samples.size();
  fit_duration(window.samples, grid.window, options.short_audio);
  if (shares_log_mels) {
    window.log_mel = features.next(window.samples);
    window.samples = {};
  }
  const bool sent = recording.items.push({recording.input, std::move(window), length, {}, {}});
  ++recording.steps;
  return sent;
}

void DecodePool::State::check_length(const Recording& recording, std::uint64_t samples) const {
  const auto longest = static_cast<std::uint64_t>(options.max_duration_s * sample_rate);
  if (longest > 0 && samples > longest)
    throw Error(Fault::data, recording.input->id,
                "longer than the allowed " + seconds_text(options.max_duration_s));
}

/// Of the first sample on the clock of its container, if times are to be told on that.
std::size_t DecodePool::State::origin_of(const AudioReader& audio) const {
  if (options.time_zero == TimeZero::audio) return 0;
  return static_cast<std::size_t>(std::llround(audio.start_s() * sample_rate));
}

std::optional<AudioWindow> DecodePool::State::next_window(Recording& recording,
                                                          WindowReader& reader) const {
  auto window = reader.next();
  ++recording.steps;
  if (window) check_length(recording, window->start + window->samples.size());
  return window;
}

/// One item for the recording: the log-mel of a window, or views of a longer one that the model
/// joins. @return what is to be said of it.
std::string DecodePool::State::send_whole(Recording& recording) const {
  const Sound sound(recording.input->audio);
  WindowReader reader(sound.open(sample_rate, options.stream), {grid.window, grid.window, 0});
  WholeFeatures features(*model);
  AudioWindow whole;
  std::size_t length = 0;
  for (auto window = next_window(recording, reader); window && !stopped;) {
    auto next = next_window(recording, reader);
    length += window->samples.size();
    if (!next && length <= grid.window) {
      fit_duration(window->samples, grid.window, options.short_audio);
    }
    features.add(window->samples);
    window = std::move(next);
  }
  std::string warning = reader.audio().warning();
  if (stopped || length == 0) return warning;
  whole.origin = origin_of(reader.audio());
  whole.log_mel = model->spectrograms()->join_views(features.finish());
  recording.items.push({recording.input, std::move(whole), length, {}, {}});
  ++recording.steps;
  return warning;
}

/// @return what is to be said of the recording.
std::string DecodePool::State::send_windows(Recording& recording) const {
  const auto next = [&](WindowReader& reader) { return next_window(recording, reader); };
  const bool first_only = options.pooling == Pooling::first;
  const Sound sound(recording.input->audio);
  WindowReader reader(sound.open(sample_rate, options.stream), grid);
  const std::size_t origin = origin_of(reader.audio());
  std::vector<AudioWindow> held;
  std::optional<AudioWindow> window;
  while (held.size() < (first_only ? 1 : kHeldWindows) && (window = next(reader)))
    held.push_back(std::move(*window));
  const bool is_longer = window && !first_only;
  if (is_longer) {  // see it whole before any of it is used
    const std::uint64_t length = reader.skip_rest([&] {
      ++recording.steps;
      return !stopped;
    });
    check_length(recording, length);
  }
  std::string warning = reader.audio().warning();
  const std::size_t count = held.size();
  WindowFeatures features(*model, grid);
  const auto give = [&](AudioWindow& of_all) {
    of_all.origin = origin;
    return send(recording, std::move(of_all), features);
  };
  if (!std::ranges::all_of(held, give) || !is_longer) return warning;
  WindowReader again(sound.open(sample_rate, options.stream), grid);
  for (std::size_t skipped = 0; skipped < count; ++skipped) next(again);
  while ((window = next(again)) && give(*window)) {
  }
  return warning;
}

DecodePool::DecodePool(const InputSource& next, const EmbedOptions& options, const Model& model,
                       const WindowGrid& grid, int threads, std::size_t lookahead)
    : state_(std::make_shared<State>(next, options, model, grid, lookahead)) {
  try {
    for (int i = 0; i < threads; ++i) {
      const std::scoped_lock lock(state_->mutex);
      State::start_thread(state_);
      ++state_->running;
    }
  } catch (...) {
    stop();
    throw;
  }
}

/// No pop() runs any more: what decoders still wait to push is refused.
DecodePool::~DecodePool() {
  stop();
  if (current_) current_->items.close();
  while (const auto left = state_->recordings.pop()) (*left)->items.close();
  std::unique_lock lock(state_->mutex);
  state_->ended.wait_for(lock, kPatience, [&] { return state_->running == 0; });
}

double DecodePool::processor_s() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->processor_s;
}

void DecodePool::stop() {
  state_->stopped = true;
  state_->recordings.close();
}

std::optional<DecodedItem> DecodePool::pop() {
  while (!state_->stopped) {
    if (current_) {
      if (auto item = next_of_current()) return item;
    }
    auto next = state_->recordings.pop();
    if (!next) break;
    current_ = std::move(*next);
  }
  const std::scoped_lock lock(state_->mutex);
  if (state_->error) std::rethrow_exception(state_->error);
  return std::nullopt;
}

/// Nothing behind its end, and if the run is stopped meanwhile.
std::optional<DecodedItem> DecodePool::next_of_current() {
  // Glances are counted, not time: a process that is suspended is not stuck.
  const double longest = state_->options.file_timeout_s;
  std::chrono::milliseconds waited(0);
  for (std::size_t seen = current_->steps; !current_->items.wait(kGlance);) {
    if (state_->stopped) return std::nullopt;
    waited = current_->steps == seen ? waited + kGlance : std::chrono::milliseconds(0);
    seen = current_->steps;
    if (longest == 0 || static_cast<double>(waited.count()) < 1000 * longest) continue;
    const std::scoped_lock lock(state_->mutex);
    if (current_->ended) continue;
    current_->given_up = true;
    State::start_thread(state_);  // in place of the stuck one
    return give_up();
  }
  return current_->items.pop();
}

DecodedItem DecodePool::give_up() {
  const Error error(
      Fault::data, current_->input->id,
      "the decoder has been stuck for the allowed " + seconds_text(state_->options.file_timeout_s));
  DecodedItem end{
      current_->input, {}, 0, describe(*current_->input, error), std::make_exception_ptr(error),
      current_->began};
  current_->items.close();
  current_.reset();
  return end;
}

}  // namespace claptools
