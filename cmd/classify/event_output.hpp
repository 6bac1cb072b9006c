#pragma once

#include <memory>
#include <span>
#include <string>

#include "claptools/zero_shot/detect_rows.hpp"
#include "cmd/classify/label_options.hpp"

namespace claptools::cmd {

/// Where the events of recordings are written.
class EventOutput {
 public:
  virtual ~EventOutput() = default;

  /// The recordings that may come, before the first. @throws Error{usage} if the output cannot hold
  /// as many; {cannot_create}.
  virtual void expect(std::span<const std::string> ids) = 0;

  /// What follows was heard at this rate. @param sample_rate Hz.
  virtual void begin(int sample_rate) = 0;

  virtual void add(const RecordingEvents& recording) = 0;

  /// Ends the output. Without it no file appears.
  virtual void close() = 0;
};

/// Labels go to a folder instead of one file: the name ends in a slash, or is a folder.
bool is_label_folder(const TableOptions& options);

/// A table, or labels in the format that the options name. @throws Error{usage}, {cannot_create}.
std::unique_ptr<EventOutput> make_event_output(const TableOptions& options);

}  // namespace claptools::cmd
