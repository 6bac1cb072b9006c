#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace claptools {

/// Puts results that workers finish in any order back into the order in which they were started. A
/// worker may be ahead of the consumer by at most `ahead` results.
template <class T>
class OrderedResults {
 public:
  explicit OrderedResults(std::size_t ahead) : ahead_(ahead) {}

  /// Waits until `sequence` is near enough to what was taken. @return false once closed.
  bool wait_turn(std::size_t sequence) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || sequence < taken_ + ahead_; });
    return !closed_;
  }

  void put(std::size_t sequence, T result) {
    const std::scoped_lock lock(mutex_);
    results_.emplace(sequence, std::move(result));
    changed_.notify_all();
  }

  /// The first failure ends the run; the consumer sees it.
  void fail(std::exception_ptr error) {
    const std::scoped_lock lock(mutex_);
    if (!error_) error_ = std::move(error);
    closed_ = true;
    changed_.notify_all();
  }

  /// Announces that there are `count` results in all.
  void finish(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    count_ = count;
    changed_.notify_all();
  }

  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  /// The next result in order, or nothing at the end. @throws what was given to fail().
  std::optional<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return closed_ || results_.contains(taken_) || (count_ && taken_ >= *count_);
    });
    if (error_) std::rethrow_exception(error_);
    const auto it = results_.find(taken_);
    if (closed_ || it == results_.end()) return std::nullopt;
    std::optional<T> result(std::move(it->second));
    results_.erase(it);
    ++taken_;
    changed_.notify_all();
    return result;
  }

 private:
  std::size_t ahead_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, T> results_;
  std::size_t taken_ = 0;
  std::optional<std::size_t> count_;
  std::exception_ptr error_;
  bool closed_ = false;
};

}  // namespace claptools
