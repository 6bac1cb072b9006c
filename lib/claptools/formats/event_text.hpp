#pragma once

#include <string>

#include "claptools/formats/event_format.hpp"

namespace claptools {

/// The text of one file of labels, as its recordings come.
class EventText {
 public:
  /// @param format must outlive this.
  explicit EventText(const EventFormat& format) : format_(format) {}

  /// What a recording adds to the file, after the header if it is the first.
  std::string add(const LabelledRecording& recording);

  /// After the last recording: the header, if there was none.
  std::string finish();

 private:
  const EventFormat& format_;
  FilePosition position_;
  bool has_begun_ = false;
};

}  // namespace claptools
