#pragma once

#include <string>
#include <vector>

#include "claptools/metrics/classification.hpp"
#include "claptools/metrics/psds/psd_roc.hpp"
#include "claptools/metrics/retrieval/judged_retrieval.hpp"
#include "claptools/metrics/retrieval/retrieval.hpp"
#include "claptools/metrics/tagging.hpp"
#include "claptools/report/html.hpp"

namespace claptools {

ReportPlot plot_confusion(MatrixView scores, const ClassificationTruth& truth,
                          const std::vector<std::string>& classes);

/// A curve for each class that has one, and that of all pairs pooled.
ReportPlot plot_precision_recall(MatrixView scores, const TaggingTruth& truth,
                                 const TaggingScores& result,
                                 const std::vector<std::string>& classes);

ReportPlot plot_ranks(const RetrievalScores& scores);
ReportPlot plot_ranks(const JudgedScores& scores);

ReportPlot plot_psd_roc(const std::string& metric, const PsdRoc& roc, double alpha_st,
                        const std::vector<std::string>& classes);

}  // namespace claptools
