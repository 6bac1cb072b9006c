#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "mgaclap/pipeline/bounded_queue.hpp"
#include "mgaclap/pipeline/embed_audio.hpp"
#include "mgaclap/pipeline/window_reader.hpp"

namespace mgaclap {

/// One step of a recording on its way to the model: a window, or its end, with the reason if it
/// failed.
struct DecodedItem {
  std::shared_ptr<const AudioInput> input;
  std::optional<AudioWindow> window;  ///< nothing at the end of the recording
  std::size_t length = 0;             ///< samples of the window before short audio was filled
  std::optional<InputError> failure;  ///< at the end only
  std::exception_ptr exception;       ///< of the failure
  std::chrono::steady_clock::time_point began = {};  ///< at the end: when it was opened
  RunPlace next = {};                                ///< at the end, with the two below: EndedInput
  bool is_restart = false, ends_block = false;
};

/// Decodes recordings on several threads and gives their windows in the order of the inputs.
class DecodePool {
 public:
  /// @param sample_rate of the windows, Hz. @param lookahead recordings that may be decoded but not
  /// taken yet.
  DecodePool(const InputSource& next, const EmbedOptions& options, int sample_rate,
             const WindowGrid& grid, int threads, std::size_t lookahead);
  ~DecodePool();

  /// The next item, or nothing at the end. One thread at a time. @throws what the source threw.
  std::optional<DecodedItem> pop();

  /// Ends the run early: threads stop as soon as they can.
  void stop();

 private:
  using ItemQueue = BoundedQueue<DecodedItem>;

  void run();
  std::optional<std::pair<std::shared_ptr<const AudioInput>, std::shared_ptr<ItemQueue>>> take();
  void decode(const std::shared_ptr<const AudioInput>& input, ItemQueue& items) const;
  bool send_windows(const std::shared_ptr<const AudioInput>& input, ItemQueue& items) const;
  bool send(const std::shared_ptr<const AudioInput>& input, ItemQueue& items,
            AudioWindow window) const;

  const InputSource& next_;
  EmbedOptions options_;
  int sample_rate_;
  WindowGrid grid_;
  std::atomic<bool> stopped_ = false;
  std::mutex source_mutex_;
  int running_ = 0;
  std::exception_ptr source_error_;
  BoundedQueue<std::shared_ptr<ItemQueue>> recordings_;
  std::shared_ptr<ItemQueue> current_;
  std::vector<std::thread> threads_;
};

}  // namespace mgaclap
