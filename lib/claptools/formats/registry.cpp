#include <algorithm>
#include <array>
#include <filesystem>

#include "claptools/core/strings/ascii.hpp"
#include "claptools/formats/event_format.hpp"

namespace claptools {

#define CLAPTOOLS_EVENT_FORMAT(space) \
  namespace space {                   \
  extern const EventFormat kFormat;   \
  }
#include "claptools/formats/event_formats.def"
#undef CLAPTOOLS_EVENT_FORMAT

std::span<const EventFormat* const> event_formats() {
#define CLAPTOOLS_EVENT_FORMAT(space) &space::kFormat,
  static constexpr std::array kFormats = {
#include "claptools/formats/event_formats.def"
  };
#undef CLAPTOOLS_EVENT_FORMAT
  return kFormats;
}

const EventFormat* find_event_format(std::string_view name) {
  const auto formats = event_formats();
  const auto found = std::ranges::find(formats, name, &EventFormat::name);
  return found == formats.end() ? nullptr : *found;
}

const EventFormat* event_format_of_name(std::string_view path) {
  std::string ending = std::filesystem::path(path).extension().native();
  if (ending.empty()) return nullptr;
  ending = ascii_lower(ending.substr(1));
  const auto is_named = [&](const EventFormat* format) {
    return format->owns_ending && ascii_lower(format->ending) == ending;
  };
  const auto formats = event_formats();
  const auto found = std::ranges::find_if(formats, is_named);
  return found == formats.end() ? nullptr : *found;
}

}  // namespace claptools
