#include "claptools/zero_shot/near_miss.hpp"

namespace claptools {

void NearMiss::add(float score, double threshold, const std::string& label, const std::string& id) {
  if (threshold >= 1 || (highest_ && score <= highest_->score)) return;
  highest_ = {score, threshold, label, id};
}

}  // namespace claptools
