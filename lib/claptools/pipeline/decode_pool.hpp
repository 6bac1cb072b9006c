#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>

#include "claptools/pipeline/embed_audio.hpp"
#include "claptools/pipeline/window_reader.hpp"

namespace claptools {

/// One step of a recording on its way to the model: a window, or its end, with the reason if it
/// failed.
struct DecodedItem {
  std::shared_ptr<const AudioInput> input;
  std::optional<AudioWindow> window;  ///< nothing at the end of the recording
  std::size_t length = 0;             ///< samples of the window before short audio was filled
  std::optional<InputError> failure;  ///< at the end only
  std::exception_ptr exception;       ///< of the failure
  std::chrono::steady_clock::time_point began = {};  ///< at the end: when it was opened
  FileStamp stamp = {};                              ///< at the end, of the file before that
  RunPosition next = {};                             ///< at the end, with the two below: EndedInput
  bool can_resume_here = false, ends_part = false;
  std::string warning = {};  ///< at the end: AudioReader::warning
  std::string sha256 = {};   ///< at the end: EndedInput::sha256
};

/// Decodes recordings on several threads and gives their windows in the order of the inputs. A
/// decoder that is stuck is left to itself, and another thread continues without it.
class DecodePool {
 public:
  /// @param model     for what it takes: the sample rate, log-mels.
  /// @param lookahead recordings that may be decoded but not taken yet.
  DecodePool(const InputSource& next, const EmbedOptions& options, const Model& model,
             const WindowGrid& grid, int threads, std::size_t lookahead);
  DecodePool(const DecodePool&) = delete;
  DecodePool& operator=(const DecodePool&) = delete;
  /// Waits a few seconds for decoders that are not stuck.
  ~DecodePool();

  /// The next item, or nothing at the end and after stop(). One thread at a time.
  /// @throws what the source threw.
  std::optional<DecodedItem> pop();

  /// Processor time of decoders whose recording has ended.
  double processor_s() const;

  /// Ends the run early: threads stop as soon as they can.
  void stop();

 private:
  struct Recording;
  struct State;

  std::optional<DecodedItem> next_of_current();
  DecodedItem give_up();

  std::shared_ptr<State> state_;  ///< of the threads as well, which may outlive this
  std::shared_ptr<Recording> current_;
};

}  // namespace claptools
