#include "claptools/formats/event_text.hpp"

#include <utility>

#include "claptools/formats/times.hpp"

namespace claptools {

std::string EventText::add(const LabelledRecording& recording) {
  std::string text = finish() + format_.write(recording, position_);
  position_.events += recording.events.size();
  position_.time_ms += to_ms(recording.duration_s);
  return text;
}

std::string EventText::finish() {
  return std::exchange(has_begun_, true) ? std::string() : std::string(format_.header);
}

}  // namespace claptools
