#pragma once

#include <optional>
#include <string>

namespace claptools {

/// How near a run came whose scores all stayed at or below their thresholds.
class NearMiss {
 public:
  struct Score {
    float score = 0;
    double threshold = 0;
    std::string label, id;
    std::optional<double> time_s = {};  ///< of the frame, from the start of the recording
  };

  /// A score that did not exceed its threshold. One that could not have, as a cosine is at most 1,
  /// does not count.
  /// @param time_s of the frame, if it is one.
  void add(float score, double threshold, const std::string& label, const std::string& id,
           std::optional<double> time_s = {});

  /// A score exceeded its threshold: from now on there is no near miss.
  void exceed() { exceeded_ = true; }

  /// Whether scores still matter.
  bool is_open() const { return !exceeded_; }

  /// The highest score; none if one exceeded its threshold, or none could have.
  std::optional<Score> highest() const { return exceeded_ ? std::nullopt : highest_; }

 private:
  bool exceeded_ = false;
  std::optional<Score> highest_;
};

}  // namespace claptools
