#include <algorithm>
#include <numeric>

#include "claptools/core/error.hpp"
#include "claptools/report/fit_text.hpp"
#include "claptools/report/plots.hpp"
#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

constexpr double kLongestLabel = 170;
constexpr double kAccuracyWidth = 108;
constexpr double kBarWidth = 48;

/// Where everything lies: cells shrink down to what letters of 7 pixels need.
struct Layout {
  explicit Layout(const ConfusionMatrix& matrix)
      : classes(matrix.classes.size()),
        cell(std::clamp(720.0 / static_cast<double>(std::max<std::size_t>(classes, 1)), 9.0, 56.0)),
        letters(std::clamp(0.75 * cell, 7.0, 12.0)) {
    for (const std::string& name : matrix.classes) {
      label = std::max(label, text_width(fit_text(name, kLongestLabel, letters).text, letters));
    }
    const double side = static_cast<double>(classes) * cell;
    grid = {label + 46, kTitleHeight + label + 34, side, side};
  }

  double width() const { return std::max(grid.right() + kAccuracyWidth + 16, 500.0); }
  double height() const { return grid.bottom() + 20; }
  /// The middle of a column or row.
  double x(std::size_t column) const { return grid.x + (static_cast<double>(column) + 0.5) * cell; }
  double y(std::size_t row) const { return grid.y + (static_cast<double>(row) + 0.5) * cell; }

  std::size_t classes;
  double cell;
  double letters;
  double label = 30;
  Box grid;
};

std::string percent(std::size_t part, std::size_t whole, int decimals) {
  return fixed_decimal(100.0 * static_cast<double>(part) / static_cast<double>(whole), decimals) +
         " %";
}

std::span<const std::size_t> row_of(const ConfusionMatrix& matrix, std::size_t row) {
  return std::span(matrix.counts).subspan(row * matrix.classes.size(), matrix.classes.size());
}

std::size_t sum(std::span<const std::size_t> counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

std::string subtitle(const ConfusionMatrix& matrix) {
  const std::size_t clips = sum(matrix.counts);
  if (clips == 0) return "no clips";
  std::size_t right = 0;
  for (std::size_t i = 0; i < matrix.classes.size(); ++i) right += row_of(matrix, i)[i];
  return "accuracy " + percent(right, clips, 2) + " (" + std::to_string(right) + " of " +
         std::to_string(clips) + " clips); shade: share of the row";
}

/// Every fifth line is drawn to lead the eye; all of them where cells are large.
void draw_grid(SvgWriter& svg, const Layout& layout) {
  const std::size_t every = layout.cell >= 20 ? 1 : 5;
  for (std::size_t i = 0; i <= layout.classes; ++i) {
    if (i % every != 0 && i != layout.classes) continue;
    const double at = static_cast<double>(i) * layout.cell;
    draw_line(svg, layout.grid.x + at, layout.grid.y, layout.grid.x + at, layout.grid.bottom(),
              kGrid);
    draw_line(svg, layout.grid.x, layout.grid.y + at, layout.grid.right(), layout.grid.y + at,
              kGrid);
  }
}

void draw_labels(SvgWriter& svg, const Layout& layout, const ConfusionMatrix& matrix) {
  const Box& grid = layout.grid;
  const double drop = 0.35 * layout.letters;  // from a letter's middle to its base line
  for (std::size_t i = 0; i < layout.classes; ++i) {
    draw_name(svg, grid.x - 7, layout.y(i) + drop, matrix.classes[i], kLongestLabel,
              {.size = layout.letters, .anchor = Anchor::end});
    draw_name(svg, layout.x(i) + drop, grid.y - 7, matrix.classes[i], kLongestLabel,
              {.size = layout.letters, .turn = -90});
  }
  draw_text(svg, grid.x + grid.width / 2, grid.y - layout.label - 18, "predicted class",
            {.size = 13, .anchor = Anchor::middle});
  draw_text(svg, grid.x - layout.label - 20, grid.y + grid.height / 2, "true class",
            {.size = 13, .anchor = Anchor::middle, .turn = -90});
}

/// @param share above 0; the smallest ones keep a shade that can be seen.
void draw_cell(SvgWriter& svg, const Layout& layout, std::size_t row, std::size_t column,
               std::size_t count, double share, std::string_view tooltip) {
  const bool right = row == column;
  const double shade = 0.12 + 0.88 * share;
  svg.open("rect").attribute("x", layout.x(column) - layout.cell / 2);
  svg.attribute("y", layout.y(row) - layout.cell / 2).attribute("width", layout.cell);
  // Not lighter on dark screens: the number on it keeps its colour, too.
  svg.attribute("height", layout.cell).attribute("fill", right ? kBlue.colour : kVermilion.colour);
  svg.attribute("fill-opacity", shade).tooltip(tooltip).close();
  const std::string text = std::to_string(count);
  const double size = std::min(13.0, 0.62 * layout.cell);
  if (size < 7 || text_width(text, size) > layout.cell - 1) return;
  const Paint on_dark = right ? Paint{"#ffffff"} : Paint{"#000000"};
  draw_text(svg, layout.x(column), layout.y(row) + 0.35 * size, text,
            {.size = size, .anchor = Anchor::middle, .paint = shade > 0.75 ? on_dark : kInk});
}

void draw_row(SvgWriter& svg, const Layout& layout, const ConfusionMatrix& matrix,
              std::size_t row) {
  const std::span<const std::size_t> counts = row_of(matrix, row);
  const std::size_t clips = sum(counts);
  for (std::size_t column = 0; column < counts.size(); ++column) {
    if (counts[column] == 0) continue;
    draw_cell(svg, layout, row, column, counts[column],
              static_cast<double>(counts[column]) / static_cast<double>(clips),
              matrix.classes[row] + " as " + matrix.classes[column] + ": " +
                  std::to_string(counts[column]) + " of " + std::to_string(clips) + ", " +
                  percent(counts[column], clips, 1));
  }
}

/// A bar and a number for the share of the row that is right; a dash without clips.
void draw_accuracy(SvgWriter& svg, const Layout& layout, std::size_t row,
                   std::span<const std::size_t> counts) {
  const std::size_t clips = sum(counts);
  const double x = layout.grid.right() + 10;
  const double thick = std::min(0.6 * layout.cell, 16.0);
  if (clips > 0) {
    const double share = static_cast<double>(counts[row]) / static_cast<double>(clips);
    draw_rect(svg, {x, layout.y(row) - thick / 2, kBarWidth, thick}, kGrid);
    draw_rect(svg, {x, layout.y(row) - thick / 2, share * kBarWidth, thick}, kBlue);
  }
  draw_text(svg, x + kAccuracyWidth - 10, layout.y(row) + 0.35 * layout.letters,
            clips > 0 ? percent(counts[row], clips, 1) : "-",
            {.size = layout.letters, .anchor = Anchor::end});
}

}  // namespace

std::string confusion_matrix_plot(const ConfusionMatrix& matrix) {
  const std::size_t n = matrix.classes.size();
  if (matrix.counts.size() != n * n) {
    throw Error(Fault::internal, "confusion matrix", "the counts are not classes x classes");
  }
  const Layout layout(matrix);
  SvgWriter svg(layout.width(), layout.height(), "Confusion matrix", subtitle(matrix));
  draw_title(svg, layout.width(), "Confusion matrix", subtitle(matrix));
  if (n == 0) return svg.finish();
  for (std::size_t row = 0; row < n; ++row) {
    draw_row(svg, layout, matrix, row);
    draw_accuracy(svg, layout, row, row_of(matrix, row));
  }
  draw_grid(svg, layout);
  draw_labels(svg, layout, matrix);
  draw_text(svg, layout.grid.right() + 10, layout.grid.y - 10, "accuracy", {.size = 12});
  return svg.finish();
}

}  // namespace claptools
