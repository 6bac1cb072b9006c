#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "claptools/metrics/metric_value.hpp"
#include "claptools/metrics/psds/event_psds.hpp"
#include "claptools/metrics/sed/clip_matcher.hpp"
#include "claptools/metrics/sed/ground_truth.hpp"

namespace claptools {

/// The truth that lists of detected events are compared with.
struct EventListTruth {
  std::vector<std::string> files;    ///< those with a duration, in its table's order
  std::vector<std::string> classes;  ///< sorted
  GroundTruth truth;                 ///< clips and classes are positions in these
  NameMatching names;                ///< how files are compared with these
};

/// Every file with a duration is evaluated, with or without events.
/// @param classes what else is evaluated besides the labels of the table.
/// @param names   how files are compared.
/// @throws Error{data} naming the item: an event of no length, in a file without duration, or (with
///         MeetingEvents::refuse_but_touch) that overlaps another of its class; a file with two
///         durations; neither event nor class.
EventListTruth match_event_truth(std::span<const EventRow> rows, std::string_view subject,
                                 std::span<const std::pair<std::string, double>> durations,
                                 std::string_view durations_subject,
                                 MeetingEvents meeting = MeetingEvents::refuse_but_touch,
                                 std::span<const std::string> classes = {},
                                 NameMatching names = {});

/// Events detected at one threshold.
struct EventList {
  double threshold = 0;
  std::vector<TruthEvent> events;  ///< sorted by clip and class; indices as in the truth
};

/// What all lists name, joined to the files and classes evaluated.
struct EventListNames {
  NameTally files;
  NameTally labels;
  std::vector<std::string> silent;  ///< files evaluated that no list names, sorted as there
};

/// Warns of files and labels in lists that are not evaluated. @param subject of the lists.
/// @throws Error{data} if no file or no label of theirs is.
EventListNames check_list_names(std::span<const std::vector<EventRow>> lists,
                                std::string_view subject, const EventListTruth& truth,
                                const Log& log);

/// Detections of no length, in files without duration and of classes that are not evaluated are
/// left out. @throws Error{data} naming the file where detections of one class meet, as `meeting`
/// says.
EventList match_event_list(std::span<const EventRow> rows, std::string_view subject,
                           double threshold, const EventListTruth& truth,
                           MeetingEvents meeting = MeetingEvents::refuse_but_touch);

/// The counts of one list.
EventCounts count_event_list(const GroundTruth& truth, const EventList& list,
                             const EventCriteria& criteria);

/// F per class from true and false positives and misses.
struct EventListF {
  double threshold = 0;
  std::vector<double> per_class;  ///< 0 for a class without true positives
  double macro = 0;               ///< mean over all classes
  /// Over those with a true positive, as psds_eval means it; NaN if there is none.
  double macro_of_found = 0;
};

EventListF event_list_f(const EventCounts& counts, const EventTotals& totals, double threshold);

/// A PSDS to report.
struct PsdsVariant {
  std::string name;
  EventCriteria criteria;
  PsdsLimits limits;
};

/// psds1 (0.7, 0.7), psds2 (0.1, 0.1, alpha_ct 0.5), both with alpha_st 1, and with criteria of 0.5
/// and alpha_st 0: dtc05_ct0_st0, dtc05_ct1_st0 and dtc05_ct0_st0_no_max; all others with at most
/// 100 false positives per hour.
std::vector<PsdsVariant> event_list_variants();

/// One PSDS that is reported.
struct EventListPsds {
  std::string name;
  std::optional<PsdRoc> roc;  ///< none: not defined, because no eFPR above 0 is reached
};

struct EventListScores {
  std::vector<std::string> classes;
  std::vector<EventListPsds> psds;
  std::vector<EventListF> f;  ///< of each list, with dtc = gtc = 0.5
};

/// @param with_f whether to give F-scores, too.
EventListScores score_event_lists(const EventListTruth& truth, std::span<const EventList> lists,
                                  std::span<const PsdsVariant> variants = event_list_variants(),
                                  bool with_f = true);

/// PSDS have their names, and NAME.max_efpr; NaN and 0: not defined. F is named by its threshold
/// with three decimals, or more where it has more: `f_score_dtc05.0.500` (by class, NaN without a
/// true positive) and `f_score_dtc05.0.500.macro` as psds_eval means them, `f_score.0.500` and
/// `f_score.0.500.macro` with 0 for such classes.
MetricValues to_metrics(const EventListScores& scores);

/// The names of F-scores, without thresholds; those of PSDS are those of the variants.
std::vector<std::string> event_list_f_metrics();

}  // namespace claptools
