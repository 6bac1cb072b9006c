#include "claptools/train/learning_page.hpp"

#include <map>

#include "claptools/report/html.hpp"
#include "claptools/report/plots.hpp"

namespace claptools {
namespace {

LearningPlot plot_of(const TrainingHistory& history) {
  LearningPlot plot;
  for (const StepRecord& r : history.steps) {
    const auto done = static_cast<double>(r.step + 1);
    plot.loss.push_back({done, r.loss});
    plot.learning_rate.push_back({done, r.learning_rate});
  }
  std::map<std::string, std::size_t> places;
  for (const EpochRecord& epoch : history.epochs) {
    for (const MetricValue& m : epoch.validation) {
      const auto [it, is_new] = places.emplace(m.metric, plot.validation.size());
      if (is_new) plot.validation.push_back({m.metric, {}, {}});
      plot.validation[it->second].points.push_back({static_cast<double>(epoch.steps), m.value});
    }
  }
  return plot;
}

}  // namespace

std::string learning_curve(const TrainingHistory& history) {
  return learning_plot(plot_of(history));
}

std::string learning_page(const TrainingHistory& history, const std::string& title,
                          std::vector<std::pair<std::string, std::string>> provenance) {
  ReportPage page;
  page.title = title;
  page.provenance = std::move(provenance);
  if (!history.epochs.empty()) page.metrics = history.epochs.back().validation;
  page.plots.push_back({"", learning_curve(history)});
  return html_page(page);
}

}  // namespace claptools
