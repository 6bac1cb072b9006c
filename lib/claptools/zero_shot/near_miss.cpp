#include "claptools/zero_shot/near_miss.hpp"

namespace claptools {

void NearMiss::add(float score, double threshold, const std::string& label, const std::string& id,
                   std::optional<double> time_s) {
  if (threshold >= 1 || (highest_ && score <= highest_->score)) return;
  highest_ = {score, threshold, label, id, time_s};
}

}  // namespace claptools
