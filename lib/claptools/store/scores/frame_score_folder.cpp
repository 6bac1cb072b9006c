#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "claptools/core/error.hpp"
#include "claptools/core/strings/number.hpp"
#include "claptools/core/strings/table.hpp"
#include "claptools/store/scores/frame_score_source.hpp"

namespace claptools {
namespace {

namespace fs = std::filesystem;

constexpr auto kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kTimes = 2;  // columns before those of the classes
constexpr std::string_view kEnding = ".tsv";

/// The frames of one clip.
struct ClipTable {
  std::vector<double> boundaries;
  DoubleMatrix scores;
};

/// One table, whose columns are checked.
class TableReader {
 public:
  explicit TableReader(std::string path) : path_(std::move(path)) {
    table_ = read_table_file(path_, Delimiter::tab);
    const auto& columns = table_.columns;
    if (columns.size() <= kTimes || columns[0] != "onset" || columns[1] != "offset")
      throw Error(Fault::data, path_, "does not begin with the columns onset, offset and a class");
    if (table_.rows.empty()) throw Error(Fault::data, path_, "has no frame");
  }

  std::vector<std::string> classes() const {
    return {table_.columns.begin() + kTimes, table_.columns.end()};
  }

  ClipTable read() const {
    ClipTable clip{{}, {table_.rows.size(), table_.columns.size() - kTimes}};
    for (std::size_t t = 0; t < table_.rows.size(); ++t) {
      const double onset = number(t, 0), offset = number(t, 1);
      if (t > 0 && onset != clip.boundaries.back())
        fail(t, "does not begin where the last one ends");
      if (offset <= onset) fail(t, "does not end after its onset");
      if (t == 0) clip.boundaries.push_back(onset);
      clip.boundaries.push_back(offset);
      for (std::size_t c = 0; c < clip.scores.cols; ++c)
        clip.scores.data[t * clip.scores.cols + c] = number(t, c + kTimes);
    }
    return clip;
  }

 private:
  double number(std::size_t row, std::size_t column) const {
    const std::string& field = table_.rows[row][column];
    const auto value = parse<double>(field);
    if (!value || !std::isfinite(*value))
      fail(row, "has no number in column '" + table_.columns[column] + "'");
    return *value;
  }

  [[noreturn]] void fail(std::size_t row, const std::string& reason) const {
    throw Error(Fault::data, path_,
                "line " + std::to_string(table_.lines[row]) + ": the frame " + reason);
  }

  std::string path_;
  Table table_;
};

class FolderSource : public FrameScoreSource {
 public:
  explicit FolderSource(const std::string& path) : folder_(path) {
    list_clips();
    classes = TableReader(file(0)).classes();
  }

  std::size_t frames(std::size_t clip) override { return table(clip).scores.rows; }
  std::vector<double> boundaries(std::size_t clip) override { return table(clip).boundaries; }
  bool is_exact() const override { return true; }
  DoubleMatrix exact_scores(std::size_t clip) override { return table(clip).scores; }

  Matrix scores(std::size_t clip) override {
    const DoubleMatrix& exact = table(clip).scores;
    Matrix rounded(exact.rows, exact.cols);
    std::ranges::transform(exact.data, rounded.data.begin(),
                           [](double score) { return static_cast<float>(score); });
    return rounded;
  }

 private:
  std::string file(std::size_t clip) const {
    return (folder_ / (ids[clip] + std::string(kEnding))).native();
  }

  void list_clips() {
    std::error_code none;
    for (fs::directory_iterator it(folder_, none), end; !none && it != end; it.increment(none)) {
      std::string name = it->path().filename().native();
      if (name.starts_with('.')) continue;  // left by file managers
      if (!name.ends_with(kEnding) || it->is_directory(none))
        throw Error(Fault::data, it->path().native(), "is not a table of scores, NAME.tsv");
      name.resize(name.size() - kEnding.size());
      ids.push_back(std::move(name));
    }
    if (none) throw Error(Fault::no_input, folder_.native(), none.message());
    if (ids.empty()) throw Error(Fault::data, folder_.native(), "has no table of scores");
    std::ranges::sort(ids);
  }

  const ClipTable& table(std::size_t clip) {
    if (current_ == clip) return table_;
    const TableReader reader(file(clip));
    if (reader.classes() != classes) {
      throw Error(Fault::data, file(clip),
                  "has other classes, or in another order, than '" + ids[0] + ".tsv'");
    }
    table_ = reader.read();
    current_ = clip;
    return table_;
  }

  fs::path folder_;
  std::size_t current_ = kNone;
  ClipTable table_;  // of the current clip
};

}  // namespace

std::unique_ptr<FrameScoreSource> open_score_folder(const std::string& path) {
  return std::make_unique<FolderSource>(path);
}

}  // namespace claptools
