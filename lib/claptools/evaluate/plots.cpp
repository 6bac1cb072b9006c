#include "claptools/evaluate/plots.hpp"

#include "claptools/report/plots.hpp"

namespace claptools {
namespace {

std::vector<PlotPoint> points_of(const std::vector<PrecisionRecall>& curve) {
  std::vector<PlotPoint> points;
  for (const PrecisionRecall& p : curve) points.push_back({p.recall, p.precision});
  return points;
}

std::vector<PlotPoint> points_of(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<PlotPoint> points;
  for (std::size_t i = 0; i < x.size(); ++i) points.push_back({x[i], y[i]});
  return points;
}

}  // namespace

ReportPlot plot_confusion(MatrixView scores, const ClassificationTruth& truth,
                          const std::vector<std::string>& classes) {
  return {"Confusion matrix: rows are the right classes, columns the predicted ones.",
          confusion_matrix_plot({classes, count_predictions(scores, truth)})};
}

ReportPlot plot_precision_recall(MatrixView scores, const TaggingTruth& truth,
                                 const TaggingScores& result,
                                 const std::vector<std::string>& classes) {
  PrecisionRecallPlot plot;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const auto& ap = result.per_class[c].ap;
    if (!ap) continue;
    plot.classes.push_back({classes[c], points_of(precision_recall(scores, truth, c)), ap});
  }
  plot.total = Curve{"micro average", points_of(precision_recall(scores, truth)), result.micro_map};
  return {"Precision and recall of each class, with its average precision.",
          precision_recall_plot(plot)};
}

ReportPlot plot_ranks(const RetrievalScores& scores) {
  return {"Ranks of the right answers, from text to audio and back.",
          rank_histogram_plot({scores.t2a.ranks, scores.a2t.ranks, {}})};
}

ReportPlot plot_ranks(const JudgedScores& scores) {
  return {"Ranks of the best relevant item of each query that has any.",
          rank_histogram_plot({{}, {}, scores.ranks})};
}

ReportPlot plot_psd_roc(const std::string& metric, const PsdRoc& roc, double alpha_st,
                        const std::vector<std::string>& classes) {
  PsdRocPlot plot;
  plot.metric = metric;
  plot.psds = roc.psds;
  plot.max_efpr = roc.max_efpr;
  plot.alpha_st = alpha_st;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    Curve curve{classes[c], {}, roc.per_class[c]};
    for (const PsdPoint& p : roc.classes[c]) curve.points.push_back({p.efpr, p.tpr});
    plot.classes.push_back(std::move(curve));
  }
  plot.mean = points_of(roc.efpr, roc.mean_tpr);
  if (alpha_st > 0) plot.effective = points_of(roc.efpr, roc.etpr);
  return {metric + ": the PSD-ROC of each class and their mean.", psd_roc_plot(plot)};
}

}  // namespace claptools
