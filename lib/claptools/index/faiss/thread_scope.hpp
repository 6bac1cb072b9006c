#pragma once
// Internal to the room.

#include <omp.h>

namespace claptools {

/// OpenMP's number of threads while in scope; 0 leaves it alone.
class ThreadScope {
 public:
  explicit ThreadScope(int threads) : before_(omp_get_max_threads()) {
    if (threads > 0) omp_set_num_threads(threads);
  }
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;
  ~ThreadScope() { omp_set_num_threads(before_); }

 private:
  int before_;
};

}  // namespace claptools
