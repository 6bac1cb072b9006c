#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace claptools {

/// Whether a path can be read again: false for "-" and for pipes.
bool can_reopen(const std::string& path);

/// Inputs that are opened again when needed, one at a time, because thousands of shards must not be
/// open at once. An input that can be read only once stays open.
template <typename Reader>
class KeptInputs {
 public:
  using Open = std::function<std::shared_ptr<const Reader>(const std::string& path)>;
  explicit KeptInputs(Open open) : open_(std::move(open)) {}

  std::shared_ptr<const Reader> open(const std::string& path) {
    const auto kept = kept_.find(path);
    if (kept != kept_.end()) return kept->second;
    const bool again = can_reopen(path);
    auto opened = open_(path);
    if (!again) kept_.emplace(path, opened);
    return opened;
  }

 private:
  Open open_;
  std::map<std::string, std::shared_ptr<const Reader>> kept_;
};

}  // namespace claptools
