#include "claptools/model/renamed_parameters.hpp"

#include <ATen/ops/cat.h>

#include <algorithm>

#include "claptools/core/error.hpp"

namespace claptools {

at::Tensor RenamedParameters::get(const std::string& name) const {
  std::vector<at::Tensor> parts;
  for (const std::string& part : names_(name)) parts.push_back(source_.get(part));
  if (parts.empty()) throw Error(Fault::internal, name, "no such weight");
  return parts.size() == 1 ? parts[0] : at::cat(parts);
}

bool RenamedParameters::contains(const std::string& name) const {
  const std::vector<std::string> parts = names_(name);
  return !parts.empty() && std::ranges::all_of(parts, [&](const std::string& part) {
    return source_.contains(part);
  });
}

}  // namespace claptools
