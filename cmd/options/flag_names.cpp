#include "cmd/options/flag_names.hpp"

#include <string>

namespace claptools::cmd {
namespace {

std::string replaced(std::string text, std::span<const FlagName> names) {
  for (const auto& [name, flag] : names) {
    const std::string quoted = "`" + std::string(name) + "`";
    for (auto at = text.find(quoted); at != text.npos; at = text.find(quoted, at + flag.size()))
      text.replace(at, quoted.size(), flag);
  }
  return text;
}

}  // namespace

Error with_flags(const Error& error, std::span<const FlagName> names) {
  return {error.fault(), replaced(error.subject(), names), replaced(error.reason(), names)};
}

}  // namespace claptools::cmd
