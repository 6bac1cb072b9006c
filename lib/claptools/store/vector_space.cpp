#include "claptools/store/vector_space.hpp"

#include <algorithm>

#include "claptools/core/strings/number.hpp"

namespace claptools {
namespace {

constexpr std::size_t kDigits = 12;  // of a digest

constexpr int kModelFields = 3;
constexpr int kPoolingField = 5;

/// The first so many fields.
std::string_view first_fields(std::string_view space, int count) {
  std::size_t end = 0;
  for (int field = 0; field < count && end != space.npos; ++field)
    end = space.find(':', end + (end > 0));
  return space.substr(0, end);
}

std::string_view model_part(std::string_view space) { return first_fields(space, kModelFields); }

}  // namespace

std::string name_space(std::string_view family, std::string_view weights_sha256,
                       std::string_view front_end) {
  std::string space(family);
  for (const std::string_view part : {weights_sha256.substr(0, kDigits), front_end})
    (space += ':') += part;
  return space;
}

std::string name_space(std::string_view of_model, const RowConditions& conditions) {
  std::string space(of_model);
  (space += ':') += number_text(conditions.window_s) + "s";
  for (const std::string_view part :
       {conditions.short_audio, conditions.pooling, conditions.precision})
    (space += ':') += part;
  return space;
}

bool are_of_other_models(std::string_view space, std::string_view other) {
  return !space.empty() && !other.empty() && model_part(space) != model_part(other);
}

bool are_of_other_spaces(std::string_view space, std::string_view other) {
  if (are_of_other_models(space, other)) return true;
  const bool both_tell =
      space.size() > model_part(space).size() && other.size() > model_part(other).size();
  return both_tell && space != other;
}

std::string_view pooling_of(std::string_view space) {
  const std::size_t before = first_fields(space, kPoolingField).size();
  const std::string_view field = first_fields(space, kPoolingField + 1).substr(before);
  return field.empty() ? field : field.substr(1);
}

std::string other_space(std::string_view space, std::string_view expected) {
  return "other space: " + std::string(space) + " / " + std::string(expected);
}

}  // namespace claptools
