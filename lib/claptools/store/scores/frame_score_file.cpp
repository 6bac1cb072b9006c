#include "claptools/store/scores/frame_score_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "claptools/store/hdf5/hdf5_column.hpp"
#include "claptools/store/hdf5/layout.hpp"
#include "claptools/store/scores/frame_score_source.hpp"
#include "claptools/store/scores/score_folder.hpp"

namespace claptools {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{16} << 20;

std::vector<float> read_rows(const hdf5::Column& column, std::size_t first, std::size_t count,
                             float) {
  if (!column.is_double()) return column.floats(first, count);
  const std::vector<double> exact = column.doubles(first, count);
  return {exact.begin(), exact.end()};
}

std::vector<double> read_rows(const hdf5::Column& column, std::size_t first, std::size_t count,
                              double) {
  return column.doubles(first, count);
}

/// Rows of a dataset, read in blocks, because HDF5 unpacks a chunk of many rows for each read.
template <typename Real>
class RowBlocks {
 public:
  std::span<const Real> rows(const hdf5::Column& column, std::size_t first, std::size_t count) {
    const std::size_t width = column.row_values();
    if (first < first_ || first + count > first_ + count_) {
      const std::size_t bytes = std::max<std::size_t>(width * sizeof(Real), 1);
      const std::size_t at_once = std::max<std::size_t>(kBlockBytes / bytes, 1);
      first_ = first;
      count_ = std::min(std::max(count, at_once), column.rows() - first);
      block_ = read_rows(column, first_, count_, Real{});
    }
    return std::span(block_).subspan((first - first_) * width, count * width);
  }

 private:
  std::size_t first_ = 0, count_ = 0;
  std::vector<Real> block_;
};

double read_seconds(const hdf5::Input& input) {
  const std::vector<double> values = input.column("clip_seconds").numbers();
  if (values.size() != 1 || !(values[0] > 0) || !std::isfinite(values[0])) {
    input.fail("dataset 'clip_seconds' is not one positive number");
  }
  return values[0];
}

std::vector<double> read_times(const hdf5::Input& input, std::size_t frames) {
  const hdf5::Column column = input.column("frame_times");
  column.require_rows(frames + 1);
  std::vector<double> times = column.numbers();
  const bool finite = std::ranges::all_of(times, [](double t) { return std::isfinite(t); });
  if (!finite || std::ranges::adjacent_find(times, std::greater_equal<>()) != times.end()) {
    input.fail("dataset 'frame_times' does not rise from frame to frame");
  }
  return times;
}

/// Boundaries of equal frames: the product comes first, as the metrics define it.
std::vector<double> equal_frames(std::size_t frames, double seconds) {
  std::vector<double> times(frames + 1);
  for (std::size_t i = 0; i <= frames; ++i) {
    times[i] = static_cast<double>(i) * seconds / static_cast<double>(frames);
  }
  return times;
}

std::vector<double> clip_times(const hdf5::Input& input, std::size_t frames) {
  const bool equal = input.has("clip_seconds");
  if (equal == input.has("frame_times")) {
    input.fail(equal ? "has both 'clip_seconds' and 'frame_times'; only one of them may be there"
                     : "has neither 'clip_seconds' nor 'frame_times'; one of them must be there");
  }
  return equal ? equal_frames(frames, read_seconds(input)) : read_times(input, frames);
}

/// A file of one of the three layouts.
struct FileSource : FrameScoreSource {
  hdf5::Input input;
  hdf5::Column column;
  RowBlocks<float> singles;
  RowBlocks<double> doubles;
  std::vector<std::uint64_t> offsets;  // ragged layout only
  double hop_s = 0;
  std::vector<double> times;                // of a clip without padding; other layouts
  std::vector<std::uint64_t> frame_counts;  // empty: no padding

  explicit FileSource(const std::string& path) : input(path), column(input.column("scores")) {
    if (input.text("/", "format")) check_format(input, kScoreFormat, false);
    ids = read_score_ids(input);
    if (input.has("classes")) classes = read_distinct(input, "classes", "class");
    origin = read_score_origin(input, classes.size());
    failed = read_failed(input);
    input.has("offsets") ? read_ragged() : read_padded();
    if (ids.empty()) input.fail("has no clip");
    require_columns();
  }

  std::size_t columns() const { return std::max<std::size_t>(classes.size(), 1); }
  const std::vector<std::size_t>& shape() const { return column.shape(); }

  void read_ragged() {
    column.require_rank(2, "[all frames, classes]");
    offsets = read_offsets(input, "offsets", ids.size(), shape()[0]);
    hop_s = input.number("/", "hop_s").value_or(0);
    if (!(hop_s > 0)) input.fail("has frame scores, but no positive attribute 'hop_s'");
  }

  void read_padded() {
    if (!classes.empty() || shape().size() != 2) {
      column.require_rank(3, "[clip, frame, class]");
    }
    if (shape()[0] != ids.size()) {
      input.fail("has scores of " + std::to_string(shape()[0]) + " clips, but " +
                 std::to_string(ids.size()) + " ids");
    }
    if (shape()[1] == 0) input.fail("has no frame");
    times = clip_times(input, shape()[1]);
    if (input.has("n_frames")) read_frame_counts();
  }

  void read_frame_counts() {
    const hdf5::Column counts = input.column("n_frames");
    counts.require_rows(ids.size());
    frame_counts = counts.integers();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (frame_counts[i] >= 1 && frame_counts[i] <= shape()[1]) continue;
      input.fail("n_frames of '" + ids[i] + "' is not between 1 and " + std::to_string(shape()[1]));
    }
  }

  void require_columns() const {
    const bool named = !offsets.empty() || shape().size() == 3;
    const std::size_t count = named ? shape().back() : 1;
    if (named ? count == classes.size() && count > 0 : classes.empty()) return;
    input.fail("has scores of " + std::to_string(count) + " classes, but " +
               std::to_string(classes.size()) + " class names");
  }

  std::size_t frames(std::size_t clip) override {
    if (!offsets.empty()) return offsets[clip + 1] - offsets[clip];
    return frame_counts.empty() ? shape()[1] : frame_counts[clip];
  }

  std::vector<double> boundaries(std::size_t clip) override {
    const std::size_t count = frames(clip) + 1;
    if (offsets.empty()) {
      return {times.begin(), times.begin() + static_cast<std::ptrdiff_t>(count)};
    }
    std::vector<double> own(count);
    for (std::size_t i = 0; i < count; ++i) own[i] = static_cast<double>(i) * hop_s;
    return own;
  }

  bool is_exact() const override { return column.is_double(); }
  Matrix scores(std::size_t clip) override { return read<Matrix>(singles, clip); }
  DoubleMatrix exact_scores(std::size_t clip) override { return read<DoubleMatrix>(doubles, clip); }

  template <typename AnyMatrix, typename Real>
  AnyMatrix read(RowBlocks<Real>& blocks, std::size_t clip) {
    AnyMatrix matrix(frames(clip), columns());
    const bool ragged = !offsets.empty();
    const auto rows = blocks.rows(column, ragged ? offsets[clip] : clip, ragged ? matrix.rows : 1);
    std::ranges::copy(rows.first(matrix.data.size()), matrix.data.begin());
    require_finite(matrix, clip);
    return matrix;
  }

  template <typename AnyMatrix>
  void require_finite(const AnyMatrix& read, std::size_t clip) const {
    const auto bad = std::ranges::find_if_not(read.data, [](auto s) { return std::isfinite(s); });
    if (bad == read.data.end()) return;
    const auto at = static_cast<std::size_t>(bad - read.data.begin());
    const std::string name = classes.empty() ? "" : " for '" + classes[at % columns()] + "'";
    input.fail("the score of '" + ids[clip] + "'" + name + " in frame " +
               std::to_string(at / columns()) + " is not finite");
  }
};

}  // namespace

std::unique_ptr<FrameScoreSource> open_score_file(const std::string& path) {
  return std::make_unique<FileSource>(path);
}

FrameScoreReader::FrameScoreReader(const std::string& path)
    : source_(names_score_folder(path) ? open_score_folder(path) : open_score_file(path)) {}
FrameScoreReader::~FrameScoreReader() = default;

const Provenance& FrameScoreReader::origin() const { return source_->origin; }
const std::vector<std::string>& FrameScoreReader::ids() const { return source_->ids; }
const std::vector<std::string>& FrameScoreReader::classes() const { return source_->classes; }
const std::vector<std::string>& FrameScoreReader::failed() const { return source_->failed; }

std::size_t FrameScoreReader::frames(std::size_t clip) const { return source_->frames(clip); }

std::vector<double> FrameScoreReader::boundaries(std::size_t clip) const {
  return source_->boundaries(clip);
}

Matrix FrameScoreReader::scores(std::size_t clip) { return source_->scores(clip); }

bool FrameScoreReader::is_exact() const { return source_->is_exact(); }

DoubleMatrix FrameScoreReader::exact_scores(std::size_t clip) {
  return source_->exact_scores(clip);
}

}  // namespace claptools
