#pragma once

#include <cstddef>
#include <functional>

namespace claptools {

/// Runs `task` for 0 .. count - 1 on up to `threads` threads, on this one where one is enough. Once
/// a task throws, no further number is begun. @throws the first exception, after all have ended.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace claptools
