#include <algorithm>

#include "claptools/report/axis.hpp"
#include "claptools/report/plots.hpp"
#include "claptools/report/svg.hpp"

namespace claptools {
namespace {

constexpr double kHeight = 300;

/// Ranks from `first` to `last`, the best being 1.
struct Bin {
  std::size_t first = 1;
  std::size_t last = 1;

  std::string text() const {
    if (first == last) return std::to_string(first);
    return std::to_string(first) + "\xE2\x80\x93" + std::to_string(last);
  }
};

struct Direction {
  std::string name;
  std::span<const std::size_t> ranks;
  Paint paint;

  /// Queries with a rank, from 1, in the bin.
  std::size_t count(const Bin& bin) const {
    return static_cast<std::size_t>(std::count_if(ranks.begin(), ranks.end(), [&](std::size_t r) {
      return r + 1 >= bin.first && r + 1 <= bin.last;
    }));
  }
  double percent(const Bin& bin) const {
    return 100.0 * static_cast<double>(count(bin)) / static_cast<double>(ranks.size());
  }
};

std::vector<Direction> directions_of(const RankPlot& plot) {
  std::vector<Direction> out;
  if (!plot.t2a.empty()) out.push_back({"text to audio", plot.t2a, kBlue});
  if (!plot.a2t.empty()) out.push_back({"audio to text", plot.a2t, kOrange});
  if (!plot.queries.empty()) out.push_back({"queries to items", plot.queries, kBlue});
  return out;
}

/// 1, 2-5, 6-10, 11-50, 51-100 ... up to the worst rank, and at least to 50.
std::vector<Bin> bins_up_to(std::size_t worst) {
  std::vector<Bin> bins{{1, 1}};
  while (bins.back().last < std::max<std::size_t>(worst, 50)) {
    const std::size_t last = bins.back().last;
    bins.push_back({last + 1, last * (bins.size() % 2 == 1 ? 5 : 2)});
  }
  return bins;
}

std::size_t worst_rank(std::span<const Direction> directions) {
  std::size_t worst = 0;
  for (const Direction& d : directions) {
    worst = std::max(worst, *std::max_element(d.ranks.begin(), d.ranks.end()) + 1);
  }
  return worst;
}

/// A bar's height is a percentage of its direction's queries, the number on it their count.
void draw_bars(SvgWriter& svg, const Box& area, const Axis& percent, std::span<const Bin> bins,
               std::span<const Direction> directions) {
  const double slot = area.width / static_cast<double>(bins.size());
  const double bar = 0.8 * slot / static_cast<double>(std::max<std::size_t>(directions.size(), 1));
  for (std::size_t b = 0; b < bins.size(); ++b) {
    double x = area.x + (static_cast<double>(b) + 0.1) * slot;
    for (const Direction& d : directions) {
      const std::string count = std::to_string(d.count(bins[b]));
      const double height = percent.share(d.percent(bins[b])) * area.height;
      draw_rect(svg, {x, area.bottom() - height, bar - 2, height}, d.paint,
                d.name + ", rank " + bins[b].text() + ": " + count + " of " +
                    std::to_string(d.ranks.size()));
      draw_text(svg, x + bar / 2 - 1, area.bottom() - height - 4, count,
                {.size = 11, .anchor = Anchor::middle});
      x += bar;
    }
    draw_text(svg, area.x + (static_cast<double>(b) + 0.5) * slot, area.bottom() + 18,
              bins[b].text(), {.anchor = Anchor::middle, .paint = kMuted});
  }
}

/// One line a direction, which is the legend too: its colour, its name and R@k.
void draw_table(SvgWriter& svg, double x, double y, std::span<const Direction> directions) {
  constexpr std::size_t kDepths[] = {1, 5, 10, 50};
  double column = x + 250;
  for (const std::size_t depth : kDepths) {
    draw_text(svg, column += 76, y, "R@" + std::to_string(depth),
              {.anchor = Anchor::end, .paint = kMuted});
  }
  draw_text(svg, x + 250, y, "queries", {.anchor = Anchor::end, .paint = kMuted});
  for (const Direction& d : directions) {
    y += 22;
    draw_rect(svg, {x, y - 10, 14, 12}, d.paint);
    draw_text(svg, x + 22, y, d.name);
    draw_text(svg, x + 250, y, std::to_string(d.ranks.size()), {.anchor = Anchor::end});
    column = x + 250;
    for (const std::size_t depth : kDepths) {
      draw_text(svg, column += 76, y, fixed_decimal(d.percent({1, depth}), 2) + " %",
                {.anchor = Anchor::end});
    }
  }
}

}  // namespace

std::string rank_histogram_plot(const RankPlot& plot) {
  const std::vector<Direction> directions = directions_of(plot);
  const std::vector<Bin> bins = bins_up_to(worst_rank(directions));
  double highest = 0;
  for (const Direction& d : directions) {
    for (const Bin& bin : bins) highest = std::max(highest, d.percent(bin));
  }
  const Axis percent = Axis{"queries (%)", 0, std::max(1.12 * highest, 1.0)};
  const Box area{kYAxisWidth, kTitleHeight,
                 std::max(570.0, 100.0 * static_cast<double>(bins.size())), kHeight};
  const std::string subtitle =
      directions.empty() ? "no queries" : "numbers on the bars are queries";
  const double width = area.right() + 24;
  SvgWriter svg(width, area.bottom() + kXAxisHeight + 80, "Rank of the first right answer",
                subtitle);
  draw_title(svg, width, "Rank of the first right answer", subtitle);
  draw_y_axis(svg, area, percent);
  draw_x_axis(svg, area, {"rank"}, {});
  draw_bars(svg, area, percent, bins, directions);
  draw_table(svg, area.x, area.bottom() + kXAxisHeight + 22, directions);
  return svg.finish();
}

}  // namespace claptools
