#pragma once

namespace claptools {

/// Limits that a file must keep; what lies outside is refused as Error{data}.
struct AudioLimits {
  int max_channels = 64;
  int min_sample_rate = 1000;    ///< Hz
  int max_sample_rate = 768000;  ///< Hz; the resampler takes no more
};

}  // namespace claptools
