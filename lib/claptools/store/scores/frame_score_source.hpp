// Internal to the room: where a FrameScoreReader has its scores from.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "claptools/core/double_matrix.hpp"
#include "claptools/core/matrix.hpp"
#include "claptools/store/scores/score_file.hpp"

namespace claptools {

/// The members are those of FrameScoreReader.
struct FrameScoreSource {
  Provenance origin;
  std::vector<std::string> ids, classes, failed;

  virtual ~FrameScoreSource() = default;
  virtual std::size_t frames(std::size_t clip) = 0;
  virtual std::vector<double> boundaries(std::size_t clip) = 0;
  virtual bool is_exact() const = 0;
  virtual Matrix scores(std::size_t clip) = 0;
  virtual DoubleMatrix exact_scores(std::size_t clip) = 0;
};

std::unique_ptr<FrameScoreSource> open_score_file(const std::string& path);
std::unique_ptr<FrameScoreSource> open_score_folder(const std::string& path);

}  // namespace claptools
