#pragma once

#include <chrono>
#include <mutex>

namespace claptools {

/// The time during which none of several threads was at work, between the first and the last work.
class BusyClock {
 public:
  /// Counts as work while it exists.
  class Work {
   public:
    explicit Work(BusyClock& clock) : clock_(clock) { clock_.enter(); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() { clock_.leave(); }

   private:
    BusyClock& clock_;
  };

  double wall_s() const {
    const std::scoped_lock lock(mutex_);
    return Seconds(last_ - first_).count();
  }
  double idle_s() const {
    const std::scoped_lock lock(mutex_);
    return idle_.count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  void enter() {
    const std::scoped_lock lock(mutex_);
    if (working_++ > 0) return;
    const Clock::time_point now = Clock::now();
    if (begun_) {
      idle_ += now - last_;
    } else {
      first_ = now;
    }
    begun_ = true;
  }
  void leave() {
    const std::scoped_lock lock(mutex_);
    --working_;
    last_ = Clock::now();
  }

  mutable std::mutex mutex_;
  int working_ = 0;
  bool begun_ = false;
  Clock::time_point first_, last_;
  Seconds idle_{};
};

}  // namespace claptools
